//! The expressions of validation rules: numbers, `#{element}`, `#{element.combo}`,
//! the four operations and brackets.

/// The value of an expression, or nothing where it cannot be read or divides by zero.
/// `operand` gives the value behind `#{…}`; none where there is no value, which counts as 0.
pub fn evaluate(
    text: &str,
    operand: &mut dyn FnMut(&str, Option<&str>) -> Option<f64>,
) -> Option<f64> {
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut reader = Reader {
        text: &characters,
        at: 0,
        operand,
    };
    let value = reader.sum()?;
    (reader.at == reader.text.len() && value.is_finite()).then_some(value)
}

/// The data elements (with the option combo where one is given) that an expression names.
pub fn operands(text: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for part in text.split("#{").skip(1) {
        let Some((inner, _)) = part.split_once('}') else {
            continue;
        };
        let mut names = inner.split('.');
        let Some(element) = names.next() else {
            continue;
        };
        let combo = names.next().filter(|c| *c != "*").map(str::to_owned);
        found.push((element.to_owned(), combo));
    }
    found
}

struct Reader<'t> {
    text: &'t [char],
    at: usize,
    operand: &'t mut dyn FnMut(&str, Option<&str>) -> Option<f64>,
}

impl Reader<'_> {
    fn next_is(&self, c: char) -> bool {
        self.text.get(self.at) == Some(&c)
    }

    fn take(&mut self, c: char) -> bool {
        let there = self.next_is(c);
        self.at += usize::from(there);
        there
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value += self.product()?;
            } else if self.take('-') {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.factor()?;
        loop {
            if self.take('*') {
                value *= self.factor()?;
            } else if self.take('/') {
                value /= self.factor()?;
            } else {
                return Some(value);
            }
        }
    }

    fn factor(&mut self) -> Option<f64> {
        if self.take('-') {
            return Some(-self.factor()?);
        }
        if self.take('(') {
            let value = self.sum()?;
            return self.take(')').then_some(value);
        }
        if self.take('#') {
            let end = self.text[self.at..].iter().position(|c| *c == '}')? + self.at;
            let inner: String = self.text.get(self.at + 1..end)?.iter().collect();
            self.at = end + 1;
            let (element, combo) = match inner.split_once('.') {
                Some((element, combo)) => (element, Some(combo).filter(|c| *c != "*")),
                None => (inner.as_str(), None),
            };
            return Some((self.operand)(element, combo).unwrap_or(0.0));
        }
        let from = self.at;
        while self
            .text
            .get(self.at)
            .is_some_and(|c| c.is_ascii_digit() || *c == '.')
        {
            self.at += 1;
        }
        self.text[from..self.at]
            .iter()
            .collect::<String>()
            .parse()
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        evaluate(text, &mut |element, combo| match (element, combo) {
            ("a", None) => Some(4.0),
            ("a", Some("x")) => Some(1.0),
            _ => None,
        })
    }

    #[test]
    fn operations_bind_as_they_should() {
        assert_eq!(value("2 + 3 * (#{a} - 1) / 3"), Some(5.0));
        assert_eq!(value("-#{a.x} + #{b}"), Some(-1.0));
        assert_eq!(value("#{a}.5"), None);
        for text in ["", "1/0", "(1", "#{a", "x"] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn operands_are_named() {
        let named = operands("#{a}+#{b.c}/#{d.*}");
        let wanted = [("a", None), ("b", Some("c")), ("d", None)];
        let wanted =
            wanted.map(|(e, c): (&str, Option<&str>)| (e.to_owned(), c.map(str::to_owned)));
        assert_eq!(named, wanted);
    }
}
