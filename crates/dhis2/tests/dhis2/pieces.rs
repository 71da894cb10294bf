//! Reads whose bodies come piece by piece: what of a page, of nothing, or of a line that falls
//! silent in their place is told, and that nothing runs ahead of who takes them.
use crate::common::differences;
use std::cell::Cell;
use tributary_dhis2::testing::block_on;
use tributary_dhis2::transport::{KEPT_BYTES, TakePiece};
use tributary_dhis2::values::{ReadFormat, ValueRead};
use tributary_dhis2::{Client, FailureKind, Request, Response, Transport, TransportError};

const HEADER: &str = "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value\n";

/// A line on which pieces come and which then may fall silent.
struct Line {
    status: u16,
    pieces: Vec<String>,
    falls_silent: bool,
    sendings: Cell<usize>,
}

impl Transport for Line {
    async fn send(&self, _: Request) -> Result<Response, TransportError> {
        self.sendings.set(self.sendings.get() + 1);
        if self.falls_silent {
            return Err(TransportError::TimedOut);
        }
        Ok(Response {
            status: self.status,
            headers: vec![("content-type".into(), "application/csv".into())],
            body: self.pieces.concat().into_bytes(),
            redirected: false,
        })
    }

    async fn send_in_pieces(
        &self,
        request: Request,
        take: &mut TakePiece<'_>,
    ) -> Result<Response, TransportError> {
        for piece in &self.pieces {
            take(piece.as_bytes());
        }
        let mut response = self.send(request).await?;
        response.body.truncate(KEPT_BYTES);
        Ok(response)
    }
}

/// A read of one org unit's values in one period, as CSV.
fn wanted() -> ValueRead {
    ValueRead {
        data_set: "dsMonthly01".into(),
        periods: vec!["202601".into()],
        org_units: vec!["ouFacA10001".into()],
        with_children: false,
        with_deleted: false,
        format: ReadFormat::Csv,
    }
}

/// What a read through a Route comes to, how many values were seen, how often it was sent.
fn read(pieces: &[&str], falls_silent: bool) -> (Result<usize, FailureKind>, usize, usize) {
    let line = Line {
        status: 200,
        pieces: pieces.iter().map(|&piece| piece.to_owned()).collect(),
        falls_silent,
        sendings: Cell::new(0),
    };
    let client = Client::through_route(line, "src", differences("2.43.1"));
    let mut seen = 0;
    let outcome = block_on(client.read_values(&wanted(), |_| seen += 1));
    let sendings = client.transport().sendings.get();
    (outcome.map_err(|failure| failure.kind), seen, sendings)
}

#[test]
fn values_come_out_of_pieces() {
    let pieces = [
        HEADER,
        "de,202601,ou,coc,ao",
        "c,5\nde2,2026",
        "01,ou,coc,aoc,6\n",
    ];
    assert_eq!(read(&pieces, false), (Ok(2), 2, 1));
}

#[test]
fn a_line_that_falls_silent_is_not_asked_again_here() {
    let pieces = [HEADER, "de,202601,ou,coc,aoc,5\n"];
    assert_eq!(read(&pieces, true), (Err(FailureKind::TimedOut), 1, 1));
    assert_eq!(read(&[], true), (Err(FailureKind::TimedOut), 0, 1));
}

/// A fast line of many pieces, which notes how much of what it handed over was not yet worked
/// up when it was asked for more.
struct FastLine {
    pieces: Vec<Vec<u8>>,
    /// Values that came out so far.
    seen: Cell<usize>,
    /// Bytes handed over and not worked up, at most.
    most: Cell<usize>,
    bytes_of_a_value: usize,
}

impl Transport for FastLine {
    async fn send(&self, _: Request) -> Result<Response, TransportError> {
        // Whoever wants all of it at once holds all of it.
        let (status, body) = (200, self.pieces.concat());
        self.most.set(body.len());
        Ok(Response {
            status,
            body,
            ..Response::default()
        })
    }

    async fn send_in_pieces(
        &self,
        _: Request,
        take: &mut TakePiece<'_>,
    ) -> Result<Response, TransportError> {
        let mut handed = 0;
        for piece in &self.pieces {
            take(piece);
            handed += piece.len();
            let worked_up = self.seen.get() * self.bytes_of_a_value;
            self.most.set(self.most.get().max(handed - worked_up));
        }
        Ok(Response {
            status: 200,
            body: self.pieces.concat()[..KEPT_BYTES].to_vec(),
            ..Response::default()
        })
    }
}

/// Whoever takes values is never behind by more than a piece and what is not yet whole.
#[test]
fn no_piece_waits_for_who_takes_the_values() {
    let value = "deInteger01,202601,ouFacA10001,HllvX50cXC0,HllvX50cXC0,12345\n";
    let json = format!(
        r#"{{"dataElement":"deInteger01","period":"202601","orgUnit":"ouFacA10001",{}}},"#,
        r#""categoryOptionCombo":"HllvX50cXC0","attributeOptionCombo":"HllvX50cXC0","value":"1""#
    );
    let values = 20_000;
    let csv = format!("{HEADER}{}", value.repeat(values));
    let document = json.repeat(values);
    let document = format!("{{\"dataValues\":[{}]}}", &document[..document.len() - 1]);
    for (format, body, bytes_of_a_value) in [
        (ReadFormat::Csv, csv, value.len()),
        (ReadFormat::Json, document, json.len()),
    ] {
        let line = FastLine {
            pieces: body.as_bytes().chunks(1_000).map(<[u8]>::to_vec).collect(),
            seen: Cell::new(0),
            most: Cell::new(0),
            bytes_of_a_value,
        };
        let client = Client::own(line, differences("2.43.1"));
        let seen = &client.transport().seen;
        let read = ValueRead { format, ..wanted() };
        let outcome = block_on(client.read_values(&read, |_| seen.set(seen.get() + 1)));
        assert_eq!(outcome.unwrap(), values);
        let most = client.transport().most.get();
        let frame = HEADER.len() + bytes_of_a_value;
        assert!(most <= frame, "{format:?}: {most} bytes of {}", body.len());
    }
}

#[test]
fn what_is_no_list_of_values_is_told() {
    assert_eq!(read(&[], false), (Err(FailureKind::EmptyAnswer), 0, 1));
    let cut = [HEADER, "de,202601,ou,coc,aoc,5\nde,2026"];
    assert_eq!(read(&cut, false), (Err(FailureKind::WrongContent), 1, 1));
    let page = [
        "<!DOCTYPE html><html><body>",
        "Service unavailable</body></html>",
    ];
    let (outcome, seen, _) = read(&page, false);
    assert!(outcome.is_err() && seen == 0, "{outcome:?}");
}
