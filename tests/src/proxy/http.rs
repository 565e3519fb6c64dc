use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// A request or an answer of HTTP/1.1 as bytes: just enough to pass it on, changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Message {
    /// Reads a request; `None` if the other side said nothing.
    pub async fn read(from: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<Self>> {
        let Some((mut message, rest)) = Self::read_head(from).await? else {
            return Ok(None);
        };
        message.body = rest;
        let length = message
            .header("content-length")
            .and_then(|n| n.parse().ok());
        let missing = length.unwrap_or(0_usize).saturating_sub(message.body.len());
        let mut more = vec![0; missing];
        from.read_exact(&mut more).await?;
        message.body.extend(more);
        Ok(Some(message))
    }

    /// Reads an answer after which the other side closes.
    pub async fn read_to_end(from: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Self> {
        let cut = || std::io::Error::other("the server hung up");
        let (mut message, rest) = Self::read_head(from).await?.ok_or_else(cut)?;
        message.body = rest;
        from.read_to_end(&mut message.body).await?;
        Ok(message)
    }

    async fn read_head(
        from: &mut (impl AsyncRead + Unpin),
    ) -> std::io::Result<Option<(Self, Vec<u8>)>> {
        const END: &[u8] = b"\r\n\r\n";
        let mut raw = Vec::new();
        let end = loop {
            if let Some(at) = raw.windows(END.len()).position(|w| w == END) {
                break at;
            }
            if from.read_buf(&mut raw).await? == 0 {
                return Ok(None);
            }
        };
        let head = String::from_utf8_lossy(&raw[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|l| l.split_once(':'));
        let headers = headers
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let message = Self {
            line,
            headers,
            body: Vec::new(),
        };
        Ok(Some((message, raw[end + END.len()..].to_vec())))
    }

    /// An answer of something else than the server.
    pub fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let mut message = Self {
            line: format!("HTTP/1.1 {status}"),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        for (name, value) in headers {
            message.set(name, value);
        }
        message.set("content-length", &body.len().to_string());
        message.closing()
    }

    /// The method and the path.
    pub fn asked(&self) -> (&str, &str) {
        let mut words = self.line.split(' ');
        let method = words.next().unwrap_or_default();
        (method, words.next().unwrap_or_default())
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Sets a header.
    pub fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(n, _)| n != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// With the wish that the connection ends after it.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.set("connection", "close");
        self
    }

    /// All bytes of it.
    pub fn bytes(&self) -> Vec<u8> {
        let mut head = self.line.clone();
        for (name, value) in &self.headers {
            head.extend(["\r\n", name, ": ", value]);
        }
        head.push_str("\r\n\r\n");
        [head.as_bytes(), &self.body].concat()
    }

    /// Writes it as the last thing on its connection.
    pub async fn write(&self, to: &mut (impl AsyncWrite + Unpin)) -> std::io::Result<()> {
        to.write_all(&self.bytes()).await?;
        to.shutdown().await
    }
}
