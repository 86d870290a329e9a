//! The peers file: one line per peer whose key this side trusts.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use halfgate::channel::{Address, Fingerprint};

use crate::new_file;

mod line;

/// The longest peers file, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// The mode of a peers file that did not exist before: it holds no secret.
const MODE: u32 = 0o644;

/// A peer that this side knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// What this side calls it.
    pub name: String,
    /// The fingerprint of its certificate.
    pub fingerprint: Fingerprint,
    /// Where it may be reached; empty for one that only connects.
    pub addresses: Vec<Address>,
}

/// The peers file as text that was understood: `NAME FINGERPRINT [ADDRESS[,ADDRESS]]`, `#` before a comment.
///
/// ```
/// use halfgate_meet::Peers;
///
/// let fingerprint = "ab".repeat(32);
/// let peers = Peers::parse("peers", &format!("# our bank\nbank {fingerprint} bank.example:7000\n"))?;
/// assert_eq!(peers.named("bank").unwrap().addresses.len(), 1);
///
/// let error = Peers::parse("peers", "bank abc").unwrap_err();
/// assert!(error.to_string().starts_with("peers:1:6: "), "{error}");
/// # Ok::<(), halfgate_meet::PeersError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peers(Vec<Peer>);

/// Why a peers file is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeersError {
    /// It cannot be read.
    #[error("{}: the peers file cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// It cannot be written.
    #[error("{}: the peers file cannot be written: {source}; it stands as it was", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A line is not what it should be.
    #[error("{file}:{line}:{column}: {problem}; a line is `NAME FINGERPRINT [ADDRESS[,ADDRESS]]`")]
    Line {
        /// The file's name.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A peer to be added is there already, or its name cannot stand in the file.
    #[error("{}: {problem}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What speaks against it.
        problem: String,
    },
}

impl Peers {
    /// Reads a peers file.
    ///
    /// # Errors
    /// If it cannot be read, and as [`Peers::parse`].
    pub fn load(path: &Path) -> Result<Self, PeersError> {
        let text = read(path).map_err(|source| PeersError::Unreadable { path: path.to_owned(), source })?;
        Peers::parse(&path.display().to_string(), &text)
    }

    /// Understands the text of a peers file; `file` is its name in errors.
    ///
    /// # Errors
    /// The first line that is no peer, or repeats the name or the fingerprint of another.
    pub fn parse(file: &str, text: &str) -> Result<Self, PeersError> {
        let mut peers = Peers::default();
        for (number, text) in (1..).zip(text.lines()) {
            let parsed = line::parse(text).and_then(|line| peers.push(line));
            parsed.map_err(|line::Problem { column, problem }| PeersError::Line {
                file: file.to_owned(),
                line: number,
                column,
                problem,
            })?;
        }
        Ok(peers)
    }

    /// The peers in the order of their lines.
    pub fn iter(&self) -> impl Iterator<Item = &Peer> {
        self.0.iter()
    }

    /// The peer of this name.
    pub fn named(&self, name: &str) -> Option<&Peer> {
        self.iter().find(|peer| peer.name == name)
    }

    /// The peer with this certificate.
    pub fn with_fingerprint(&self, fingerprint: &Fingerprint) -> Option<&Peer> {
        self.iter().find(|peer| peer.fingerprint == *fingerprint)
    }

    /// Adds a line to a peers file, which is made if there is none. All other lines stay as they are.
    ///
    /// # Errors
    /// If the file cannot be read, understood or written, or has the name or the fingerprint already.
    pub fn add(path: &Path, peer: &Peer) -> Result<(), PeersError> {
        let unwritable = |source| PeersError::Unwritable { path: path.to_owned(), source };
        let (mut text, mode) = match read(path) {
            Ok(text) => (text, fs::metadata(path).map_err(unwritable)?.permissions().mode() & 0o777),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (String::new(), MODE),
            Err(source) => return Err(PeersError::Unreadable { path: path.to_owned(), source }),
        };
        let mut peers = Peers::parse(&path.display().to_string(), &text)?;
        let added = line::write(peer);
        let parsed = line::parse(&added).and_then(|read| match read {
            Some(read) if read.peer == *peer => peers.push(Some(read)),
            _ => Err(line::Problem {
                column: 1,
                problem: format!("`{}` cannot be a name", peer.name.escape_debug()),
            }),
        });
        parsed.map_err(|line| PeersError::Unfit { path: path.to_owned(), problem: line.problem })?;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&added);
        // A link to the file stays one.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        new_file::replace(&target, text.as_bytes(), mode).map_err(unwritable)
    }

    fn push(&mut self, line: Option<line::Line>) -> Result<(), line::Problem> {
        let Some(line::Line { peer, name, fingerprint }) = line else { return Ok(()) };
        if self.named(&peer.name).is_some() {
            let problem = format!("there is a peer named `{}` already", peer.name);
            return Err(line::Problem { column: name, problem });
        }
        if let Some(other) = self.with_fingerprint(&peer.fingerprint) {
            let problem = format!("this is the fingerprint of `{}`, too", other.name);
            return Err(line::Problem { column: fingerprint, problem });
        }
        self.0.push(peer);
        Ok(())
    }
}

fn read(path: &Path) -> io::Result<String> {
    use io::Read;

    let mut text = String::new();
    fs::File::open(path)?.take(MAX_FILE + 1).read_to_string(&mut text)?;
    match text.len() as u64 {
        length if length > MAX_FILE => Err(io::ErrorKind::FileTooLarge.into()),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn error(text: &str) -> String {
        Peers::parse("peers", text).unwrap_err().to_string()
    }

    #[test]
    fn lines_comments_and_addresses() {
        let text = format!("# all\n\n  bank {A}  a:1,[::1]:2  # on the ground floor\nshop#2\t{B}\n");
        let peers = Peers::parse("peers", &text).unwrap();
        let addresses: Vec<_> =
            peers.named("bank").unwrap().addresses.iter().map(Address::to_string).collect();
        assert_eq!(addresses, ["a:1", "[::1]:2"]);
        assert_eq!(peers.with_fingerprint(&Fingerprint([0xbb; 32])).unwrap().name, "shop#2");
        assert!(peers.named("shop#2").unwrap().addresses.is_empty() && peers.named("inn").is_none());
    }

    #[test]
    fn errors_say_where_and_what() {
        let cases = [
            ("bank".to_owned(), "peers:1:5: the fingerprint is missing"),
            ("# x\nbank abc".to_owned(), "peers:2:6: "),
            (format!("bank {A} nowhere"), "peers:1:71: `nowhere` is no address"),
            (format!("bank {A} a:1,b"), "peers:1:75: `b` is no address"),
            (format!("bank {A} a:1, b:2"), "peers:1:75: an address is missing"),
            (format!("bank {A} a:1 b:2"), "peers:1:75: nothing may follow the addresses"),
            (format!("bank {A}\nbank {B}"), "peers:2:1: there is a peer named `bank` already"),
            (format!("bank {A}\n  shop  {A}"), "peers:2:9: this is the fingerprint of `bank`, too"),
            (format!("b\u{1b}nk {A}"), "peers:1:1: a name has"),
            (format!("{} {A}", "x".repeat(65)), "peers:1:1: a name has"),
        ];
        for (text, expected) in cases {
            let error = error(&text);
            assert!(error.starts_with(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn adding_keeps_every_other_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("peers");
        let peer = |name: &str, byte| Peer {
            name: name.into(),
            fingerprint: Fingerprint([byte; 32]),
            addresses: vec!["a:1".parse().unwrap(), "b:2".parse().unwrap()],
        };
        Peers::add(&path, &peer("bank", 0xaa)).unwrap();
        let before = fs::read_to_string(&path).unwrap() + "# no line end";
        fs::write(&path, &before).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        Peers::add(&path, &peer("shop", 0xbb)).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!("{before}\nshop {B} a:1,b:2\n"));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(Peers::load(&path).unwrap().iter().count(), 2);
    }

    #[test]
    fn what_cannot_be_added_leaves_the_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("peers");
        fs::write(&path, format!("bank {A}\n")).unwrap();
        for (name, byte) in [("bank", 1), ("other", 0xaa), ("a b", 2), ("#x", 3), ("", 4), ("a\nb", 5)] {
            let peer =
                Peer { name: name.into(), fingerprint: Fingerprint([byte; 32]), addresses: Vec::new() };
            assert!(matches!(Peers::add(&path, &peer), Err(PeersError::Unfit { .. })), "{name:?}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("bank {A}\n"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_understood_or_refused_with_its_place(text: String) {
            if let Err(error) = Peers::parse("peers", &text) {
                let said = error.to_string();
                let place: Vec<&str> = said.splitn(4, ':').collect();
                let line: usize = place[1].parse().unwrap();
                assert!(line >= 1 && line <= text.lines().count() && place[2].parse::<usize>().unwrap() >= 1);
            }
        }

        #[test]
        fn a_peer_that_was_written_is_read(name in "[^\\s#\\p{C}][^\\s\\p{C}]{0,20}", key: [u8; 32], port: u16) {
            let addresses = vec![format!("host.example:{port}").parse().unwrap()];
            let peer = Peer { name, fingerprint: Fingerprint(key), addresses };
            let peers = Peers::parse("peers", &line::write(&peer)).unwrap();
            assert_eq!(peers.iter().collect::<Vec<_>>(), [&peer]);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = Peers::load(Path::new("/nowhere/peers")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/peers: the peers file cannot be read"), "{error}");
    }
}
