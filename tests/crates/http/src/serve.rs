//! Enough of an HTTP/1.1 server for tests: it answers with the method and the URL that it was asked for.

use std::io::{self, BufRead, BufReader, Read, Write};

/// The head of a request.
pub struct Head {
    pub line: String,
    pub fields: Vec<(String, String)>,
}

impl Head {
    pub fn method(&self) -> &str {
        self.line.split(' ').next().unwrap_or_default()
    }

    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// The value of a field by its name in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// Reads one head; `None` at the end of the connection.
pub fn read_head(stream: &mut impl BufRead) -> io::Result<Option<Head>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut head = Head { line: line.trim_end().to_owned(), fields: Vec::new() };
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => head.fields.push((name.to_ascii_lowercase(), value.trim().to_owned())),
            None => return Ok(Some(head)),
        }
    }
}

/// Answers requests until the connection ends. `base` stands before the path in the answers, `https://host` behind a
/// tunnel; `log` is told each head. `first` is one that was read already.
pub fn serve(
    mut stream: impl Read + Write,
    mut first: Option<Head>,
    base: &str,
    log: &dyn Fn(&Head),
) -> io::Result<()> {
    loop {
        let head = match first.take() {
            Some(head) => head,
            None => match read_head(&mut BufReader::with_capacity(1, &mut stream))? {
                Some(head) => head,
                None => return Ok(()),
            },
        };
        log(&head);
        if !answer(&mut stream, &head, base)? {
            return Ok(());
        }
    }
}

/// Answers one request; whether the connection goes on.
fn answer(stream: &mut (impl Read + Write), head: &Head, base: &str) -> io::Result<bool> {
    let length = head.field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    io::copy(&mut stream.take(length), &mut io::sink())?;
    let url = if head.target().starts_with('/') { format!("{base}{}", head.target()) } else { head.target().into() };
    let url = url.split('?').next().unwrap_or_default();
    let body = format!("{} {url}", head.method());
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    stream.flush()?;
    Ok(!head.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")))
}
