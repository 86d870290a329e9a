//! Gates from a checked program: statements, and what they change.
//!
//! garble_lang has a generator of its own. This one exists because both parties of a session must get the same gates
//! from the same text, and theirs depends on the order of hash maps; because the builder's adders, comparisons and
//! products need a third of the ANDs; and because of what theirs gets wrong in 0.7.0-alpha.1: a condition that occurs
//! twice takes back what stopped the program in between, so that the result is garbage and says that it is not
//! (`stop_if` here has no such memory), and `i8 as i32` extends the sign to the wrong bits. Where neither matters, their
//! circuits are the oracle of the tests.

use std::collections::BTreeMap;
use std::rc::Rc;

use garble_lang::TypedProgram;
use garble_lang::ast::{FnDef, Stmt, StmtEnum, Type};
use garble_lang::token::MetaInfo;
use halfgate_circuits::{Bit, Builder, Fault};

use super::GarbleError;
use super::types::Types;

/// The wires of a value.
pub(super) type Wires<'b> = Rc<[Bit<'b>]>;

pub(super) type Made<T> = Result<T, GarbleError>;

/// The names of a block, and what they stand for.
pub(super) type Scope<'b, 'p> = BTreeMap<&'p str, Wires<'b>>;

/// How many values, and bits in them, a program may pass through before it is refused as endless.
const WORK: u64 = 1 << 30;

pub(super) struct Generator<'b, 'p> {
    pub(super) builder: &'b Builder,
    pub(super) types: &'p Types<'p>,
    pub(super) program: &'p TypedProgram,
    /// The innermost last.
    pub(super) scopes: Vec<Scope<'b, 'p>>,
    /// Whether the program comes to this place, as conditions around it have it.
    pub(super) reached: Bit<'b>,
    /// Whether it has stopped before.
    stopped: Bit<'b>,
    /// The number of the fault that stopped it, 0 for none.
    tag: Vec<Bit<'b>>,
    faults: Vec<Fault>,
    work: u64,
}

impl<'b, 'p> Generator<'b, 'p> {
    pub(super) fn new(builder: &'b Builder, types: &'p Types<'p>, program: &'p TypedProgram) -> Self {
        Generator {
            builder,
            types,
            program,
            scopes: Vec::new(),
            reached: builder.constant(true),
            stopped: builder.constant(false),
            tag: Vec::new(),
            faults: Vec::new(),
            work: 0,
        }
    }

    /// What a function computes of its arguments.
    pub(super) fn call(&mut self, function: &'p FnDef<Type>, arguments: Vec<Wires<'b>>) -> Made<Wires<'b>> {
        let names = function.params.iter().map(|parameter| parameter.name.as_str());
        let scope: Scope<'b, 'p> = names.zip(arguments).collect();
        // A function sees its own names only.
        let outer = std::mem::replace(&mut self.scopes, vec![scope]);
        let result = self.block(&function.body)?;
        self.scopes = outer;
        self.fitted(result, &function.ty, function.meta)
    }

    /// The reasons to stop that are left, the tag that tells which, and the value, which is zero if there is one.
    pub(super) fn finish(self, value: &Wires<'b>) -> (Vec<Fault>, Vec<Bit<'b>>, Vec<Bit<'b>>) {
        let value = value.iter().map(|&bit| bit & !self.stopped).collect();
        (self.faults, self.tag, value)
    }

    pub(super) fn block(&mut self, statements: &'p [Stmt<Type>]) -> Made<Wires<'b>> {
        self.scopes.push(Scope::new());
        let mut value = self.unit();
        for statement in statements {
            value = self.statement(statement)?;
        }
        self.scopes.pop();
        Ok(value)
    }

    fn statement(&mut self, statement: &'p Stmt<Type>) -> Made<Wires<'b>> {
        match &statement.inner {
            StmtEnum::Expr(expression) => return self.value(expression),
            StmtEnum::Let(pattern, _, expression) => {
                let value = self.value(expression)?;
                self.pattern(pattern, &value)?;
            }
            StmtEnum::LetMut(name, _, expression) => {
                let value = self.value(expression)?;
                self.bind(name, value);
            }
            StmtEnum::VarAssign(name, way, expression) => {
                self.assign(name, way, expression, statement.meta)?
            }
            StmtEnum::ForEachLoop(pattern, array, body) => {
                let (count, width) = self.types.elements(&array.ty)?;
                let array = self.value(array)?;
                self.scopes.push(Scope::new());
                for index in 0..count {
                    self.pattern(pattern, &array[index * width..][..width])?;
                    for statement in body {
                        self.statement(statement)?;
                    }
                }
                self.scopes.pop();
            }
            StmtEnum::JoinLoop(pattern, key, (left, right), body) => {
                for (equal, pair) in self.joined(key, left, right, true)? {
                    self.under(equal, |generator| {
                        generator.scopes.push(Scope::new());
                        generator.pattern(pattern, &pair)?;
                        for statement in body {
                            generator.statement(statement)?;
                        }
                        generator.scopes.pop();
                        Ok(())
                    })?;
                }
            }
        }
        Ok(self.unit())
    }

    /// Does something that only has an effect where a condition holds.
    fn under(&mut self, condition: Bit<'b>, run: impl FnOnce(&mut Self) -> Made<()>) -> Made<()> {
        let (before, reached) = (self.scopes.clone(), self.reached);
        self.reached = reached & condition;
        run(self)?;
        self.reached = reached;
        self.choose_scopes(condition, before);
        Ok(())
    }

    /// Keeps what the names stand for where a condition holds, and takes the others' meaning where it does not.
    pub(super) fn choose_scopes(&mut self, condition: Bit<'b>, others: Vec<Scope<'b, 'p>>) {
        for (scope, other) in self.scopes.iter_mut().zip(others) {
            for (name, value) in scope {
                match other.get(name) {
                    Some(other) if !Rc::ptr_eq(value, other) => *value = choose(condition, value, other),
                    _ => {}
                }
            }
        }
    }

    pub(super) fn bind(&mut self, name: &'p str, value: Wires<'b>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, value);
        }
    }

    /// Stops the program where it comes to this place, has not stopped before, and the condition holds.
    pub(super) fn stop_if(&mut self, condition: Bit<'b>, reason: &str, place: MetaInfo) {
        let now = self.reached & condition & !self.stopped;
        if now.known() == Some(false) {
            return;
        }
        let at = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
        let fault = Fault { reason: reason.to_owned(), line: at(place.start.0), column: at(place.start.1) };
        let known = self.faults.iter().position(|known| *known == fault);
        let number = 1 + known.unwrap_or_else(|| {
            self.faults.push(fault);
            self.faults.len() - 1
        });
        // It stops once, so the bits of the number are set once: exclusive or does it without an AND.
        self.stopped = self.stopped ^ now;
        let zero = self.builder.constant(false);
        for place in (0..usize::BITS as usize).filter(|place| number >> place & 1 == 1) {
            if self.tag.len() <= place {
                self.tag.resize(place + 1, zero);
            }
            self.tag[place] = self.tag[place] ^ now;
        }
    }

    /// Counts work, so that loops in loops end in an error rather than in a full memory.
    pub(super) fn count(&mut self, bits: usize) -> Made<()> {
        self.work += 1 + bits as u64;
        if self.work > WORK {
            let what = "the program does not come to an end within the work that is allowed".to_owned();
            return Err(self
                .types
                .too_large(what, "its loops run very often: run it once for every row instead"));
        }
        Ok(())
    }

    pub(super) fn unit(&self) -> Wires<'b> {
        Rc::from([])
    }
}

/// The first where a condition holds, and the second where it does not.
pub(super) fn choose<'b>(condition: Bit<'b>, first: &[Bit<'b>], second: &[Bit<'b>]) -> Wires<'b> {
    first.iter().zip(second).map(|(first, second)| Bit::mux(condition, first, second)).collect()
}
