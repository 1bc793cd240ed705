//! The grammar: `or` of `and` of `not` of a name or a parenthesis.

use super::{Expression, Name, pointed};
use crate::{Error, Result};

/// How deep parentheses and `not` may be nested.
const DEEPEST: usize = 100;

/// Reads an expression.
///
/// # Errors
///
/// If it is none: the message shows where.
pub(crate) fn parse(text: &str) -> Result<Expression> {
    let mut parser = Parser { text, tokens: tokens(text)?, next: 0, depth: 0 };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) if token.kind == Kind::Close => Err(parser.wrong("this parenthesis was not opened")),
        Some(_) => Err(parser.wrong("expected `and`, `or` or the end here")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    And,
    Or,
    Not,
    Open,
    Close,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
    at: usize,
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        let length = match first {
            '(' | ')' => 1,
            _ => rest.find(|c| !in_name(c)).unwrap_or(rest.len()),
        };
        if length == 0 || first.is_ascii_digit() || first == '_' || first == '-' {
            let what = format!(
                "`{}` is not part of an expression: names of resources are lower case, joined by `and`, `or`, `not`",
                first.escape_debug()
            );
            return Err(Error::Expression(pointed(text, at, 1, &what)));
        }
        let (word, after) = rest.split_at(length);
        let kind = match word {
            "(" => Kind::Open,
            ")" => Kind::Close,
            "and" => Kind::And,
            "or" => Kind::Or,
            "not" => Kind::Not,
            _ => Kind::Name,
        };
        tokens.push(Token { kind, text: word, at });
        rest = after;
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    next: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).copied()
    }

    fn take(&mut self, kind: Kind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == kind);
        self.next += usize::from(found);
        found
    }

    fn wrong(&self, what: &str) -> Error {
        let (at, width) = self.peek().map_or((self.text.len(), 1), |token| (token.at, token.text.len()));
        Error::Expression(pointed(self.text, at, width, what))
    }

    fn or(&mut self) -> Result<Expression> {
        self.several(Kind::Or, Self::and, Expression::Or)
    }

    fn and(&mut self) -> Result<Expression> {
        self.several(Kind::And, Self::not, Expression::And)
    }

    fn several(
        &mut self,
        between: Kind,
        part: fn(&mut Self) -> Result<Expression>,
        all: fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.take(between) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { all(parts) })
    }

    fn not(&mut self) -> Result<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong("nested too deeply here"));
        }
        let expression = if self.take(Kind::Not) {
            Expression::Not(Box::new(self.not()?))
        } else if self.take(Kind::Open) {
            let opened = self.next - 1;
            let inner = self.or()?;
            if !self.take(Kind::Close) {
                let what = match self.peek() {
                    Some(_) => return Err(self.wrong("expected `and`, `or` or `)` here")),
                    None => "this parenthesis is not closed",
                };
                return Err(Error::Expression(pointed(self.text, self.tokens[opened].at, 1, what)));
            }
            inner
        } else {
            match self.peek() {
                Some(token) if token.kind == Kind::Name => {
                    self.next += 1;
                    Expression::Declares(Name { text: token.text.to_owned(), at: token.at })
                }
                _ => return Err(self.wrong("expected the name of a resource, `not` or `(` here")),
            }
        };
        self.depth -= 1;
        Ok(expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message and the column of the first caret.
    fn wrong(text: &str) -> (String, usize) {
        let message = parse(text).unwrap_err().to_string();
        let lines: Vec<&str> = message.lines().collect();
        (lines[0].to_owned(), lines[3].find('^').unwrap() - "  | ".len())
    }

    #[test]
    fn mistakes_are_pointed_at() {
        let name = "expected the name of a resource, `not` or `(` here".to_owned();
        assert_eq!(wrong(""), (name.clone(), 0));
        assert_eq!(wrong("docker and"), (name.clone(), 10));
        assert_eq!(wrong("docker and or http"), (name.clone(), 11));
        assert_eq!(wrong("()"), (name, 1));
        assert_eq!(wrong("docker http"), ("expected `and`, `or` or the end here".to_owned(), 7));
        assert_eq!(wrong("not (docker or http"), ("this parenthesis is not closed".to_owned(), 4));
        assert_eq!(wrong("(a b)"), ("expected `and`, `or` or `)` here".to_owned(), 3));
        assert_eq!(wrong("docker)"), ("this parenthesis was not opened".to_owned(), 6));
    }

    #[test]
    fn what_is_no_name_is_pointed_at() {
        for (text, at) in [("docker && http", 7), ("Docker", 0), ("a or 9b", 5), ("é and a", 0), ("a and ü", 6)] {
            let (message, column) = wrong(text);
            assert!(message.contains("is not part of an expression"), "{message}");
            assert_eq!(column, at, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_and_length_is_not() {
        let deep = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
        assert!(parse(&deep(50)).is_ok());
        assert!(wrong(&deep(100_000)).0.contains("nested too deeply"));
        assert!(parse(&"not ".repeat(100_000)).is_err());
        assert!(parse(&vec!["a"; 100_000].join(" or ")).is_ok());
    }
}
