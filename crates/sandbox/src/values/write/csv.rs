//! The body as CSV: the columns of the export, in its order; the first line is
//! the head, unless `firstRowIsHeader=false`.

use super::options::ImportOptions;
use super::payload::{IncomingValue, Payload, Unreadable};
use crate::version::ServerVersion;

/// Reads the body; the data set comes from the query parameter `dataSet`. Until 2.42 a column
/// that is empty or not there is an empty text and not none, so that no value and no comment is
/// ever missing (`CsvDataValueSetReader`; seen on a real 2.42.5.2).
pub(super) fn parse(
    version: ServerVersion,
    body: &[u8],
    options: &ImportOptions,
) -> Result<Payload, Unreadable> {
    let text = String::from_utf8_lossy(body);
    let values = lines(&text)
        .into_iter()
        .skip(usize::from(options.has_head()))
        .filter(|line| line.iter().any(|c| !c.is_empty()))
        .map(|line| {
            let column = |at: usize| line.get(at).filter(|c| !c.is_empty()).cloned();
            let flag = |at: usize| column(at).and_then(|c| c.parse().ok());
            let own = |at: usize| match column(at) {
                None if version < ServerVersion::V43 => Some(String::new()),
                found => found,
            };
            IncomingValue {
                data_element: own(0),
                period: own(1),
                org_unit: own(2),
                category_option_combo: own(3),
                attribute_option_combo: own(4),
                value: own(5),
                stored_by: column(6),
                comment: own(8),
                followup: flag(9),
                deleted: flag(10),
            }
        });
    Ok(Payload {
        data_set: options.data_set().map(str::to_owned),
        values: values.collect(),
        ..Payload::default()
    })
}

/// Lines of columns; a quoted column may hold commas, line breaks and doubled quotes.
fn lines(text: &str) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(line) = lines.last_mut() else { break };
        let Some(column) = line.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                column.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(String::new()),
            '\n' if !quoted => lines.push(vec![String::new()]),
            '\r' if !quoted => {}
            c => column.push(c),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_commas_quotes_and_line_breaks() {
        assert_eq!(
            lines("a,\"b,\"\"c\"\"\nd\",e\r\nf"),
            [vec!["a", "b,\"c\"\nd", "e"], vec!["f"]]
        );
    }
}
