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

/// What a read through a Route comes to, how many values were seen, how often it was sent.
fn read(pieces: &[&str], falls_silent: bool) -> (Result<usize, FailureKind>, usize, usize) {
    let line = Line {
        status: 200,
        pieces: pieces.iter().map(|&piece| piece.to_owned()).collect(),
        falls_silent,
        sendings: Cell::new(0),
    };
    let client = Client::through_route(line, "src", differences("2.43.1"));
    let read = ValueRead {
        data_set: "dsMonthly01".into(),
        periods: vec!["202601".into()],
        org_units: vec!["ouFacA10001".into()],
        with_children: false,
        with_deleted: false,
        format: ReadFormat::Csv,
    };
    let mut seen = 0;
    let outcome = block_on(client.read_values(&read, |_| seen += 1));
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
