use std::io;

use halfgate_channel::{Agreement, Channel, Meter, OperationName};
use halfgate_circuits::{BitRows, Party, Reveal, Values};
use halfgate_compiler::Program;
use halfgate_crypto::{Backend, Entropy, SessionId};

use crate::side::{Call, Held, Side};
use crate::transcript::{Speaker, Transcript};
use crate::{Error, Pool, Terms, Value, check_pool, checks, terms};

/// One party's side of a computation: values come in with [`input`](Session::input), are computed with
/// [`call`](Session::call), and opened with [`reveal`](Session::reveal).
///
/// Both parties make the same sequence of operations; each operation carries the transcript of those before it, and
/// the first difference is an error that names it. Values live as long as their handles, so memory is bounded by what
/// is alive. After an error the session has ended and its secrets are gone; so it has if an operation is cancelled.
pub struct Session {
    pub(crate) side: Option<Side>,
    own: Party,
    transcript: Transcript,
    /// Values are numbered in the order in which both parties make them.
    next_value: u64,
}

impl Session {
    /// Agrees with the peer on the terms, field by field, and starts.
    ///
    /// # Errors
    /// If the two do not agree, the connection fails, or the peer breaks the protocol.
    pub async fn open(channel: Channel, own: Party, terms: Terms) -> Result<Self, Error> {
        let entropy = Entropy::from_os().map_err(|error| Error::NoEntropy(error.to_string()))?;
        Session::open_with(channel, own, terms, Backend::detect(), entropy).await.map(|(session, _)| session)
    }

    /// As [`Session::open`], with a choice of kernels and of randomness, and with the terms as agreed: those that
    /// one side left open are taken from the other.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn open_with(
        channel: Channel,
        own: Party,
        terms: Terms,
        backend: Backend,
        entropy: Entropy,
    ) -> Result<(Self, Terms), Error> {
        Session::start(channel, own, terms, None, backend, entropy).await
    }

    /// As [`Session::open_with`], with a pool that this side has [prepared](crate::prepare) with this peer: what it holds is used
    /// before anything of its kind is made. The peer has to come with its half of the same pool, which is among the terms.
    ///
    /// The pool's file stays as it is if the two do not agree. From then on it is spent, and it is destroyed at the end of
    /// the session, be that a good one or not.
    ///
    /// # Errors
    /// As [`Session::open`]; and as [`check_pool`](crate::check_pool).
    pub async fn open_prepared(
        mut channel: Channel,
        own: Party,
        terms: Terms,
        pool: Pool,
        backend: Backend,
        entropy: Entropy,
    ) -> Result<(Self, Terms), Error> {
        match check_pool(&channel, own, terms.security(), &pool) {
            Ok(()) => {
                let terms = terms.prepared(pool.id());
                Session::start(channel, own, terms, Some(pool), backend, entropy).await
            }
            Err(error) => {
                channel.abort().await;
                Err(error)
            }
        }
    }

    async fn start(
        mut channel: Channel,
        own: Party,
        terms: Terms,
        pool: Option<Pool>,
        backend: Backend,
        mut entropy: Entropy,
    ) -> Result<(Self, Terms), Error> {
        let (sid, agreed) = match terms::agree(&mut channel, own, terms, &mut entropy).await {
            Ok(agreed) => agreed,
            Err(error) => {
                channel.abort().await;
                return Err(error);
            }
        };
        let side = match pool {
            None => Side::start(agreed.security(), own, channel, sid, backend, entropy).await?,
            Some(pool) => Side::start_prepared(pool, own, channel, sid, backend, entropy).await?,
        };
        Ok((Session { side: Some(side), own, transcript: Transcript::new(sid), next_value: 0 }, agreed))
    }

    /// Computes calls and runs with so many threads from here on; one is what a session starts with. The peer need not
    /// know: the bytes stay the same. A call uses them if it has lanes for them, and then up to 16 MiB of memory for each.
    ///
    /// # Errors
    /// If the session has ended, or the operating system starts no threads.
    pub fn use_threads(&mut self, count: usize) -> Result<(), Error> {
        self.side.as_mut().ok_or(Error::Ended)?.use_threads(count)
    }

    /// Which party this is.
    pub fn party(&self) -> Party {
        self.own
    }

    /// The session id: equal on both sides, and different in every session.
    pub fn id(&self) -> SessionId {
        self.transcript.sid()
    }

    /// Brings in values of this party. The peer makes a [`peer_input`](Session::peer_input) of the same shape.
    ///
    /// # Errors
    /// If the session has ended, or ends now.
    pub async fn input(&mut self, values: &Values) -> Result<Value, Error> {
        let (wires, lanes) = (values.width() as usize, checks::size(values.width(), values.lanes())?);
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            self.announce_input(&mut side, self.own, wires, lanes).await?;
            side.input(BitRows::from_values(values, 0..lanes), lanes).await
        };
        let result = result.await;
        self.settle(side, result).await.map(|held| self.value(held))
    }

    /// Takes part in an input of the peer, which has to have this shape.
    ///
    /// # Errors
    /// If the session has ended, or ends now.
    pub async fn peer_input(&mut self, width: u32, lanes: usize) -> Result<Value, Error> {
        let (wires, lanes) = (width as usize, checks::size(width, lanes)?);
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            self.announce_input(&mut side, self.own.peer(), wires, lanes).await?;
            side.peer_input(wires, lanes).await
        };
        let result = result.await;
        self.settle(side, result).await.map(|held| self.value(held))
    }

    /// Computes a program on values and gives one value per output group. The owners that the program names do not
    /// matter here: any value may go anywhere.
    ///
    /// # Errors
    /// If the values do not fit the program, the session has ended, or ends now.
    pub async fn call(&mut self, program: &Program, inputs: &[&Value]) -> Result<Vec<Value>, Error> {
        Ok(self.call_all(&[(program, inputs)]).await?.into_iter().flatten().collect())
    }

    /// Computes programs that do not depend on each other's outputs, side by side if the session
    /// [has threads](Session::use_threads). Both parties have to make the same calls at once.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn call_all(&mut self, calls: &[(&Program, &[&Value])]) -> Result<Vec<Vec<Value>>, Error> {
        let calls = calls.iter().map(|&(program, inputs)| {
            let lanes = checks::call(program, inputs, self.id(), self.own)?;
            Ok(Call { program, inputs, lanes })
        });
        let calls = calls.collect::<Result<Vec<_>, Error>>()?;
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            for call in &calls {
                self.announce_call(&mut side, call).await?;
            }
            side.calls(&calls).await
        };
        let result = result.await;
        let outputs = self.settle(side, result).await?;
        let mut values = |held: Vec<Held>| held.into_iter().map(|held| self.value(held)).collect();
        Ok(outputs.into_iter().map(&mut values).collect())
    }

    /// Opens a value. The answer is the value if this party learns it, its share for [`Reveal::Shares`], and nothing
    /// otherwise. If both learn it, the evaluator does so first.
    ///
    /// # Errors
    /// If the value is of another session, the session has ended, or ends now.
    pub async fn reveal(&mut self, value: &Value, to: Reveal) -> Result<Option<Values>, Error> {
        checks::own_value(0, value, self.id(), self.own)?;
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            let terms = Agreement::new()
                .with("who learns it", to.to_string().as_str())
                .with("value", value.number)
                .with("wires", value.width() as u64)
                .with("lanes", value.lanes() as u64);
            let speaker = Speaker::of_reveal(to);
            self.transcript.enter(&mut side, OperationName::Reveal, terms, speaker, self.own).await?;
            let context = self.transcript.state();
            side.reveal(&context, &value.held, to).await
        };
        let result = result.await;
        let bits: Option<BitRows> = self.settle(side, result).await?;
        Ok(bits.map(|bits| {
            let mut values = Values::new(value.width() as u32, value.lanes());
            bits.part(0, value.width(), value.lanes()).write_to(&mut values, 0);
            values
        }))
    }

    /// Input, call and reveal in one, for any number of lanes in bounded memory: `own` has one entry per input
    /// group, the values of those that this party owns. The answer has one entry per output group if this party
    /// learns the outputs or gets shares of them.
    ///
    /// # Errors
    /// If the values do not fit the program, the session has ended, or ends now.
    pub async fn run(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        to: Reveal,
    ) -> Result<Option<Vec<Values>>, Error> {
        self.run_opening(program, lanes, own, to, || Ok(())).await
    }

    /// As [`Session::run`], and calls `before_opening` once when nothing that depends on an output has left this side yet or was
    /// taken in by it. A caller that notes there, on its disk, that these outputs are about to be opened can never be asked to
    /// open them again with other inputs.
    ///
    /// The bytes on the wire are those of [`Session::run`]. The hook may block for as long as it takes to write a file; the
    /// connection rests meanwhile.
    ///
    /// # Errors
    /// As [`Session::run`]; and if the hook fails, with nothing opened by this side. The session has ended then.
    pub async fn run_opening(
        &mut self,
        program: &Program,
        lanes: usize,
        own: &[Option<&Values>],
        to: Reveal,
        before_opening: impl FnOnce() -> io::Result<()>,
    ) -> Result<Option<Vec<Values>>, Error> {
        checks::run(program, lanes, own, self.own)?;
        let mut side = self.side.take().ok_or(Error::Ended)?;
        let result = async {
            let terms = terms::of_run(program, lanes as u64, to);
            let operation = self.transcript.say(&mut side, OperationName::Run, terms).await?;
            // Ahead of the peer's header, which it saves half a round trip to wait for.
            side.choose_first(program, lanes, own).await?;
            Transcript::hear(&mut side, &operation).await?;
            let context = self.transcript.state();
            side.run(program, lanes, own, to, &context, before_opening).await
        };
        let result = result.await;
        self.settle(side, result).await
    }

    /// What crossed the channel so far; nothing if the session has ended.
    pub fn meter(&mut self) -> Option<Meter> {
        self.side.as_mut().map(|side| side.channel().meter())
    }

    /// Compares all that was done with the peer, says goodbye and waits for its goodbye: both know that the session
    /// is complete.
    ///
    /// # Errors
    /// If the session has ended before, or the peer is not at the same end.
    pub async fn finish(mut self) -> Result<Meter, Error> {
        let mut side = self.side.take().ok_or(Error::Ended)?;
        // What was done last has had no header behind it that would have carried its transcript.
        // The last thing that either side hears is the other's comparison and goodbye, so both are said at once.
        let compared = async {
            let operation = self.transcript.say(&mut side, OperationName::Finish, Agreement::new()).await?;
            side.channel().say_goodbye().await?;
            Transcript::hear(&mut side, &operation).await
        };
        let compared = compared.await;
        self.settle(side, compared).await?;
        let channel = self.side.take().ok_or(Error::Ended)?.into_channel();
        Ok(channel.finish().await?)
    }

    /// Ends the session early and tells the peer that this side gave up, not why.
    pub async fn abort(mut self) {
        if let Some(mut side) = self.side.take() {
            side.channel().abort().await;
        }
    }

    async fn announce_input(
        &mut self,
        side: &mut Side,
        owner: Party,
        wires: usize,
        lanes: usize,
    ) -> Result<(), Error> {
        let terms = Agreement::new()
            .with("owner", owner.to_string().as_str())
            .with("wires", wires as u64)
            .with("lanes", lanes as u64);
        self.transcript.enter(side, OperationName::Input, terms, Speaker::Only(owner), self.own).await
    }

    async fn announce_call(&mut self, side: &mut Side, call: &Call<'_>) -> Result<(), Error> {
        let terms = Agreement::new()
            .with("program", call.program.digest())
            .with("values", terms::numbers(call.inputs.iter().map(|value| value.number)))
            .with("lanes", call.lanes as u64);
        self.transcript.enter(side, OperationName::Call, terms, Speaker::Only(Party::Garbler), self.own).await
    }

    /// Puts the party back after a success. After a failure it is gone, and the peer is told that, not why.
    pub(crate) async fn settle<T>(&mut self, mut side: Side, result: Result<T, Error>) -> Result<T, Error> {
        match result {
            Ok(value) => {
                self.side = Some(side);
                Ok(value)
            }
            Err(error) => {
                side.channel().abort().await;
                Err(error)
            }
        }
    }

    fn value(&mut self, held: Held) -> Value {
        let number = self.next_value;
        self.next_value += 1;
        Value { held, holder: self.own, sid: self.transcript.sid(), number }
    }
}
