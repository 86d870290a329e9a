//! Somebody between the two sides, with a certificate of its own.

use halfgate::channel::{
    Address, Agreement, Category, ChannelError, End, First, Kind, Line, Listener, Secured, TlsError, Trust,
    write_single,
};
use halfgate_meet::{Credential, MeetError, MeetSettings, approach, join};

use crate::house::{Host, SOON, copy, error_of, knock_raw, somebody};

/// Where the one in the middle listens.
struct Middle {
    listener: Listener,
    settings: MeetSettings,
}

impl Middle {
    async fn new() -> Self {
        let listener = Listener::bind(&"127.0.0.1:0".parse().unwrap()).await.unwrap();
        Middle { listener, settings: somebody() }
    }

    fn address(&self) -> Address {
        self.listener.address().clone()
    }

    async fn take(&self) -> Result<Secured, ChannelError> {
        let stream = self.listener.accept().await?;
        Secured::establish(stream, End::Listening, &self.settings.identity, &Trust::Anyone, SOON).await
    }

    /// Takes a guest's connection and hears its knock.
    async fn hear(&self) -> Result<(Line, Agreement), ChannelError> {
        let mut line = self.take().await?.into_line();
        match First::read(&mut line, SOON, 1 << 16).await? {
            First::Knock(knock) => Ok((line, knock)),
            First::Resume(_) => panic!("nobody resumes"),
        }
    }
}

#[tokio::test]
async fn a_guest_who_pins_the_host_says_nothing_to_another() {
    let (host, middle) = (Host::new().await, Middle::new().await);
    let mut invite = copy(&host.invite);
    invite.addresses = vec![middle.address()];
    let guest = somebody();
    let (heard, joined) = tokio::join!(middle.hear(), join(&invite, &guest, SOON));
    assert!(heard.is_err());
    let error = error_of(joined);
    assert!(matches!(error, MeetError::Channel(ChannelError::Tls(TlsError::NotPinned { .. }))), "{error}");
    assert_eq!(error.category(), Category::Identity);
}

/// As if the pin did not hold: the guest takes anybody's certificate.
async fn lured(host: &Host, middle: &Middle) -> Result<halfgate_meet::Meeting, MeetError> {
    let invite = copy(&host.invite);
    approach(&[middle.address()], Credential::Invite(&invite.token), &somebody(), SOON).await
}

#[tokio::test]
async fn a_knock_that_is_passed_on_is_wrong_and_tells_nothing_of_the_token() {
    let (mut host, middle) = (Host::new().await, Middle::new().await);
    let pass_on = async {
        let (mut line, knock) = middle.hear().await.unwrap();
        let welcome = knock_raw(host.connect().await, &knock).await;
        write_single(&mut line, Kind::Welcome, &welcome, SOON).await.unwrap();
        (knock, welcome, line)
    };
    let ((knock, welcome, _line), joined) = tokio::join!(pass_on, lured(&host, &middle));
    assert_eq!(welcome.text("reason"), Some("wrong"));
    assert_eq!(error_of(joined).category(), Category::Identity);
    // The token is in the invite's text, in front of everything else; none of its bytes' runs is in the knock.
    let said = knock.encode().unwrap();
    let text = host.invite.to_text().unwrap().replace('\n', "");
    let carried = data_encoding::BASE32_NOPAD.decode(&text.as_bytes()["HALFGATE1:".len()..]).unwrap();
    let token = &carried[2..18];
    assert!(token.windows(4).all(|run| !said.windows(4).any(|other| other == run)));
    // It was one failed attempt, and the invite is still good.
    let _ = host.meet(&somebody()).await;
}

#[tokio::test]
async fn a_recorded_knock_is_wrong_on_any_other_connection() {
    let (host, middle) = (Host::new().await, Middle::new().await);
    let ((_line, knock), _) = tokio::select! {
        heard = middle.hear() => (heard.unwrap(), ()),
        _ = lured(&host, &middle) => panic!("nobody has answered"),
    };
    for _ in 0..2 {
        assert_eq!(knock_raw(host.connect().await, &knock).await.text("reason"), Some("wrong"));
    }
}

#[tokio::test]
async fn one_who_plays_the_host_without_the_token_is_found_out() {
    let (host, middle) = (Host::new().await, Middle::new().await);
    let reflected = |knock: &Agreement| knock.digest("mac").unwrap();
    for proof in [None, Some([7; 32])] {
        let welcome = async {
            let (mut line, knock) = middle.hear().await.unwrap();
            let welcome = Agreement::new()
                .with("version", 1)
                .with("outcome", "admitted")
                .with("mac", proof.unwrap_or_else(|| reflected(&knock)));
            write_single(&mut line, Kind::Welcome, &welcome, SOON).await.unwrap();
            line
        };
        let (_line, joined) = tokio::join!(welcome, lured(&host, &middle));
        let error = error_of(joined);
        assert!(matches!(error, MeetError::Impostor { .. }), "{error}");
        assert_eq!(error.category(), Category::Identity);
    }
}

#[tokio::test]
async fn a_welcome_that_is_none_is_refused() {
    let (host, middle) = (Host::new().await, Middle::new().await);
    let welcome = async {
        let (mut line, _) = middle.hear().await.unwrap();
        let odd = Agreement::new().with("version", 1).with("outcome", "perhaps");
        write_single(&mut line, Kind::Welcome, &odd, SOON).await.unwrap();
        line
    };
    let (_line, joined) = tokio::join!(welcome, lured(&host, &middle));
    assert!(matches!(error_of(joined), MeetError::OddWelcome { .. }));
}
