//! The pager of lists, down to the order of the parameters in its links.

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::request::Request;

/// DHIS2's page size when nothing is asked for.
pub const DEFAULT_SIZE: usize = 50;

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: usize,
    /// Entries a page.
    pub size: usize,
    /// Entries in all.
    pub total: usize,
}

impl Page {
    /// What the request asks for.
    pub fn asked(request: &Request, total: usize) -> Self {
        let number = |name: &str| {
            request
                .parameter(name)
                .and_then(|v| v.parse::<usize>().ok())
                .filter(|n| *n > 0)
        };
        Self {
            number: number("page").unwrap_or(1),
            size: number("pageSize").unwrap_or(DEFAULT_SIZE),
            total,
        }
    }

    /// The entries of this page. Beyond the last page there are none ("org units page 9").
    pub fn range(self) -> std::ops::Range<usize> {
        let from = (self.number - 1).saturating_mul(self.size).min(self.total);
        from..from.saturating_add(self.size).min(self.total)
    }

    /// The member `pager`. A page beyond the last one is called the last one.
    pub fn pager(self, request: &Request) -> Value {
        let count = self.total.div_ceil(self.size);
        let number = self.number.min(count.max(1));
        let mut out = Map::new();
        out.insert("page".into(), number.into());
        out.insert("total".into(), self.total.into());
        out.insert("pageSize".into(), self.size.into());
        if number < count {
            out.insert(
                "nextPage".into(),
                link(request, number + 1, self.size).into(),
            );
        }
        if number > 1 {
            out.insert(
                "prevPage".into(),
                link(request, number - 1, self.size).into(),
            );
        }
        out.insert("pageCount".into(), count.into());
        Value::Object(out)
    }
}

/// The address of another page: `page` (but for the first), `pageSize` unless it is the default,
/// then the other parameters in the order of a Java `HashMap` ("org units page 1",
/// "run, ampersand in value").
fn link(request: &Request, number: usize, size: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    // DHIS2 2.40-2.43, `DefaultLinkService`; seen on a real 2.42.5.2.
    if number > 1 {
        query.append_pair("page", &number.to_string());
    }
    if size != DEFAULT_SIZE {
        query.append_pair("pageSize", &size.to_string());
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in &request.query {
        if !names.contains(&name.as_str()) && name != "page" && name != "pageSize" {
            names.push(name);
        }
    }
    names.sort_by_key(|name| bucket(name));
    for name in names {
        for value in request.parameters(name) {
            query.append_pair(name, value);
        }
    }
    let address = format!("{}{}", request.base(), request.path);
    match query.finish() {
        query if query.is_empty() => address,
        query => format!("{address}?{query}"),
    }
}

/// The place of a text in a Java `HashMap` of sixteen places.
fn bucket(text: &str) -> u32 {
    let hash = text.encode_utf16().fold(0u32, |h, unit| {
        h.wrapping_mul(31).wrapping_add(u32::from(unit))
    });
    (hash ^ (hash >> 16)) & 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_in_the_recorded_order() {
        let request = Request::new("GET", "/api/organisationUnits?query=a&b=&fields=id")
            .with_header("host", "h");
        let pager = Page::asked(&request, 56).pager(&request);
        assert_eq!(
            pager["nextPage"],
            "http://h/api/organisationUnits?page=2&b=&query=a&fields=id"
        );
        let request = Request::new("GET", "/api/x?page=1&pageSize=20&order=id:asc&fields=a[b]")
            .with_header("host", "h");
        let pager = Page::asked(&request, 77).pager(&request);
        assert_eq!(
            pager["nextPage"],
            "http://h/api/x?page=2&pageSize=20&fields=a%5Bb%5D&order=id%3Aasc"
        );
    }

    #[test]
    fn the_first_page_has_no_number_and_an_ending_stays() {
        let link = |target: &str| {
            let request = Request::new("GET", target).with_header("host", "h");
            Page::asked(&request, 77).pager(&request)["prevPage"].clone()
        };
        assert_eq!(link("/api/x?page=2"), "http://h/api/x");
        assert_eq!(
            link("/api/x.json?page=2&pageSize=5&fields=id"),
            "http://h/api/x.json?pageSize=5&fields=id"
        );
        assert_eq!(
            link("/api/x?page=3&pageSize=5"),
            "http://h/api/x?page=2&pageSize=5"
        );
    }

    #[test]
    fn a_page_beyond_the_last_is_empty_and_called_the_last() {
        let request = Request::new("GET", "/api/x?page=9&pageSize=20");
        let page = Page::asked(&request, 77);
        assert!(page.range().is_empty());
        assert_eq!(page.pager(&request)["page"], 4);
        let none = Page::asked(&Request::new("GET", "/api/x"), 0);
        assert_eq!(none.pager(&request)["pageCount"], 0);
        assert_eq!(none.pager(&request)["page"], 1);
    }
}
