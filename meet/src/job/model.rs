//! The rules tried out exhaustively: two sides that do what `agree.rs` and `run.rs` do, step by step, with a crash of either of
//! them at any point, and with any part of what is on its way lost.

use std::collections::{HashSet, VecDeque};

use halfgate::{Party, Reveal};

use super::verdict::{State, Verdict, is_entitled, judge};

/// More than three batches do nothing that three do not.
const MOST: usize = 3;

type Disk = [State; MOST];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Message {
    Claim(Disk),
    Result(usize),
    Rows(usize),
    Colours(usize),
    Labels(usize),
    Bye,
}

/// What a side does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum At {
    Down,
    SayClaim,
    HearClaim,
    /// Notes the lost, one after the other: a crash may come between.
    GiveUp(usize),
    /// The results that the garbler resends and then those that the evaluator does, batch by batch.
    Transfer(usize),
    Run(usize, u8),
    SayBye,
    HearBye,
    Done,
}

/// A side: what survives a crash, and what does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Side {
    disk: Disk,
    at: At,
    verdicts: [Verdict; MOST],
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    garbler: Side,
    evaluator: Side,
    to_evaluator: VecDeque<Message>,
    to_garbler: VecDeque<Message>,
    session: u8,
    /// In which session something of each batch was opened.
    opened_in: [Option<u8>; MOST],
    crashes_left: u8,
}

struct Model {
    batches: usize,
    reveal: Reveal,
    resend: bool,
}

impl Model {
    fn start(&self, crashes: u8) -> World {
        let side = Side { disk: [State::Untouched; MOST], at: At::SayClaim, verdicts: [Verdict::Lost; MOST] };
        World {
            garbler: side,
            evaluator: side,
            to_evaluator: VecDeque::new(),
            to_garbler: VecDeque::new(),
            session: 0,
            opened_in: [None; MOST],
            crashes_left: crashes,
        }
    }

    /// Every world that may come next.
    fn next(&self, world: &World) -> Vec<World> {
        if world.garbler.at == At::Down && world.evaluator.at == At::Down {
            return vec![self.restart(world)];
        }
        let mut next = Vec::new();
        for own in [Party::Garbler, Party::Evaluator] {
            let at = world.side(own).at;
            if at == At::Down {
                continue;
            }
            next.extend(self.step(world, own));
            let peer_is_gone = world.side(own.peer()).at == At::Down;
            if world.crashes_left > 0 || peer_is_gone {
                let mut world = world.clone();
                world.crashes_left -= u8::from(!peer_is_gone);
                world.side_mut(own).at = At::Down;
                next.push(world);
            }
        }
        next
    }

    /// Both sides again, from their disks.
    fn restart(&self, world: &World) -> World {
        let mut next = self.start(world.crashes_left);
        (next.garbler.disk, next.evaluator.disk) = (world.garbler.disk, world.evaluator.disk);
        (next.session, next.opened_in) = (world.session + 1, world.opened_in);
        next
    }

    /// What a side does next, if it does not have to wait.
    fn step(&self, world: &World, own: Party) -> Option<World> {
        let mut world = world.clone();
        let mut side = *world.side(own);
        match side.at {
            At::Down | At::Done => return None,
            At::SayClaim => {
                world.say(own, Message::Claim(side.disk));
                side.at = At::HearClaim;
            }
            At::HearClaim => {
                let Message::Claim(theirs) = world.hear(own)? else { panic!("a claim is due: {world:?}") };
                for (batch, &theirs) in theirs.iter().enumerate().take(self.batches) {
                    side.verdicts[batch] = judge(own, self.reveal, self.resend, side.disk[batch], theirs)
                        .unwrap_or_else(|what| {
                            panic!("honest sides contradict each other: {what}: {world:?}")
                        });
                }
                side.at = At::GiveUp(0);
            }
            At::GiveUp(batch) if batch == self.batches => side.at = At::Transfer(0),
            At::GiveUp(batch) => {
                if side.verdicts[batch] == Verdict::Lost {
                    side.disk[batch] = State::Lost;
                }
                side.at = At::GiveUp(batch + 1);
            }
            At::Transfer(turn) if turn == 2 * self.batches => side.at = self.first_from(&side, 0),
            At::Transfer(turn) => {
                let sender = if turn < self.batches { Party::Garbler } else { Party::Evaluator };
                let batch = turn % self.batches;
                match side.verdicts[batch] {
                    Verdict::Send if sender == own => world.say(own, Message::Result(batch)),
                    Verdict::Receive if sender != own => {
                        assert_eq!(world.hear(own)?, Message::Result(batch), "{world:?}");
                        side.disk[batch] = State::Held;
                    }
                    _ => {}
                }
                side.at = At::Transfer(turn + 1);
            }
            At::Run(batch, phase) => {
                side.at = match phase {
                    4 => self.first_from(&side, batch + 1),
                    _ => At::Run(batch, phase + 1),
                };
                self.run(&mut world, own, &mut side, batch, phase)?;
            }
            At::SayBye => {
                world.say(own, Message::Bye);
                side.at = At::HearBye;
            }
            At::HearBye => {
                assert_eq!(world.hear(own)?, Message::Bye, "{world:?}");
                side.at = At::Done;
            }
        }
        *world.side_mut(own) = side;
        Some(world)
    }

    fn first_from(&self, side: &Side, from: usize) -> At {
        let mut rest = from..self.batches;
        rest.find(|&batch| side.verdicts[batch] == Verdict::Run).map_or(At::SayBye, |batch| At::Run(batch, 0))
    }

    /// One phase of a run: rows; the journal; what opens outputs to the evaluator, then to the garbler; the result.
    fn run(&self, world: &mut World, own: Party, side: &mut Side, batch: usize, phase: u8) -> Option<()> {
        let opening = match phase {
            2 => Some((Party::Garbler, Message::Colours(batch)))
                .filter(|_| self.reveal.reaches(Party::Evaluator)),
            3 => Some((Party::Evaluator, Message::Labels(batch)))
                .filter(|_| self.reveal.reaches(Party::Garbler)),
            _ => None,
        };
        match (phase, opening) {
            (0, _) if own == Party::Garbler => world.say(own, Message::Rows(batch)),
            (0, _) => assert_eq!(world.hear(own)?, Message::Rows(batch)),
            (1, _) => {
                assert_eq!(side.disk[batch], State::Untouched, "opened again: {world:?}");
                side.disk[batch] = State::Opened;
            }
            (_, Some((speaker, message))) if speaker == own => {
                let first = *world.opened_in[batch].get_or_insert(world.session);
                assert_eq!(first, world.session, "batch {batch} is opened in two sessions: {world:?}");
                world.say(own, message);
            }
            (_, Some((_, message))) => assert_eq!(world.hear(own)?, message),
            (4, _) if is_entitled(own, self.reveal) => side.disk[batch] = State::Held,
            _ => {}
        }
        Some(())
    }

    /// Tries everything and returns how many worlds there are, and how many of them are ends.
    fn explore(&self, crashes: u8) -> (usize, usize) {
        let start = self.start(crashes);
        let (mut seen, mut open, mut ends) = (HashSet::from([start.clone()]), vec![start], 0);
        while let Some(world) = open.pop() {
            let next = self.next(&world);
            if world.garbler.at == At::Done && world.evaluator.at == At::Done {
                self.check_end(&world);
                ends += 1;
            } else {
                // With crashes to spare there is always one more; a side must not need them.
                let moves = next.iter().any(|next| next.crashes_left == world.crashes_left);
                assert!(moves, "both wait: {world:?}");
            }
            open.extend(next.into_iter().filter(|next| seen.insert(next.clone())));
        }
        (seen.len(), ends)
    }

    /// Both sides agree on what is lost, and have the rest.
    fn check_end(&self, world: &World) {
        for batch in 0..self.batches {
            let states = [world.garbler.disk[batch], world.evaluator.disk[batch]];
            let done = [Party::Garbler, Party::Evaluator]
                .map(|own| if is_entitled(own, self.reveal) { State::Held } else { State::Opened });
            let together = states == done || states == [State::Lost; 2];
            let alone = states.iter().zip(done).all(|(&state, done)| state == done || state == State::Lost);
            assert!(if self.resend { together } else { alone }, "batch {batch}: {world:?}");
        }
    }
}

impl World {
    fn side(&self, own: Party) -> &Side {
        match own {
            Party::Garbler => &self.garbler,
            Party::Evaluator => &self.evaluator,
        }
    }

    fn side_mut(&mut self, own: Party) -> &mut Side {
        match own {
            Party::Garbler => &mut self.garbler,
            Party::Evaluator => &mut self.evaluator,
        }
    }

    /// What is said to a side that is down goes nowhere.
    fn say(&mut self, own: Party, message: Message) {
        if self.side(own.peer()).at == At::Down {
            return;
        }
        match own {
            Party::Garbler => self.to_evaluator.push_back(message),
            Party::Evaluator => self.to_garbler.push_back(message),
        }
    }

    fn hear(&mut self, own: Party) -> Option<Message> {
        match own {
            Party::Garbler => self.to_garbler.pop_front(),
            Party::Evaluator => self.to_evaluator.pop_front(),
        }
    }
}

#[test]
fn without_a_crash_nothing_is_lost() {
    for reveal in [Reveal::Garbler, Reveal::Evaluator, Reveal::Both, Reveal::Shares] {
        let model = Model { batches: 2, reveal, resend: true };
        let mut worlds = vec![model.start(0)];
        while let Some(world) = worlds.pop() {
            assert!(
                !world.garbler.disk.contains(&State::Lost) && !world.evaluator.disk.contains(&State::Lost)
            );
            worlds.extend(model.next(&world).into_iter().take(1));
        }
    }
}

#[test]
fn no_crash_opens_a_batch_twice_or_leaves_the_sides_apart() {
    for reveal in [Reveal::Garbler, Reveal::Evaluator, Reveal::Both, Reveal::Shares] {
        for (batches, crashes) in [(1, 4), (2, 3), (3, 2)] {
            for resend in [true, false] {
                let (worlds, ends) = Model { batches, reveal, resend }.explore(crashes);
                assert!(
                    worlds > 1000 && ends > 1,
                    "{reveal}, {batches} batches: {worlds} worlds, {ends} ends"
                );
            }
        }
    }
}
