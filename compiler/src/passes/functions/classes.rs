use std::collections::HashMap;
use std::sync::LazyLock;

use crate::chain::PROJECTIONS;
use crate::passes::functions::frame::Frame;
use crate::passes::functions::spectrum::Spectrum;

/// An affine class of functions, by a member with as few ANDs as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) variables: usize,
    /// The operands of each AND: bit `k` is variable `k`, or the AND `k − variables`.
    pub(crate) ands: Vec<[u16; 2]>,
    /// The ANDs whose sum is the function, one bit for each.
    pub(crate) output: u8,
}

impl Class {
    /// The truth table of the function.
    pub(crate) fn table(&self) -> u64 {
        let mut values = PROJECTIONS[..self.variables].to_vec();
        let sum = |values: &[u64], mask: u16| {
            let terms = values.iter().enumerate().filter(|&(index, _)| mask >> index & 1 == 1);
            terms.fold(0, |sum, (_, &value)| sum ^ value)
        };
        for &[left, right] in &self.ands {
            values.push(sum(&values, left) & sum(&values, right));
        }
        sum(&values, u16::from(self.output) << self.variables) & crate::chain::mask(self.variables)
    }

    /// Packs the masks into one word: those of the AND `k` take `variables + k` bits each, the output as many as there
    /// are ANDs.
    #[cfg(test)]
    pub(crate) fn pack(&self) -> u64 {
        let mut word = u64::from(self.output);
        for (index, operands) in self.ands.iter().enumerate().rev() {
            for &operand in operands.iter().rev() {
                word = word << (self.variables + index) | u64::from(operand);
            }
        }
        word
    }

    fn unpack(variables: usize, ands: usize, mut word: u64) -> Self {
        let mut take = |bits: usize| {
            let field = word as u16 & ((1 << bits) - 1);
            word >>= bits;
            field
        };
        let ands: Vec<_> =
            (0..ands).map(|index| [take(variables + index), take(variables + index)]).collect();
        Class { variables, output: take(ands.len()) as u8, ands }
    }
}

/// The classes of all functions that depend on so many sums and take at most four ANDs; there are none of fewer than
/// six sums that take more. Made by `search::tests`, where the format is written.
const PACKED: &str = include_str!("classes.txt");

/// Classes in the file and where to find them by [`Spectrum::signature`].
pub(crate) struct Database {
    pub(crate) classes: Vec<(Class, Spectrum)>,
    by_signature: HashMap<u64, Vec<u32>>,
}

impl Database {
    /// Of the classes of functions of up to four sums, or of all.
    pub(crate) fn get(variables: usize) -> &'static Database {
        static SMALL: LazyLock<Database> = LazyLock::new(|| Database::new(read(PACKED, 4)));
        static ALL: LazyLock<Database> = LazyLock::new(|| Database::new(read(PACKED, 6)));
        if variables <= 4 { &SMALL } else { &ALL }
    }

    pub(crate) fn new(classes: Vec<Class>) -> Self {
        let mut database = Database { classes: Vec::new(), by_signature: HashMap::new() };
        classes.into_iter().for_each(|class| database.insert(class));
        database
    }

    pub(crate) fn insert(&mut self, class: Class) {
        let spectrum = Frame::new(&Spectrum::new(class.table(), class.variables)).spectrum;
        let same = self.by_signature.entry(spectrum.signature()).or_default();
        same.push(self.classes.len() as u32);
        let spectrum = Spectrum::new(class.table(), class.variables);
        self.classes.push((class, spectrum));
    }

    /// The classes that a function with this signature can be in, those with the fewest ANDs first.
    pub(crate) fn candidates(&self, signature: u64) -> impl Iterator<Item = &(Class, Spectrum)> {
        let indices = self.by_signature.get(&signature).map_or(&[][..], Vec::as_slice);
        indices.iter().map(|&index| &self.classes[index as usize])
    }
}

/// Lines `VARIABLES ANDS WORD…`, words in hexadecimal. Lines of more variables are left out.
fn read(packed: &str, most_variables: usize) -> Vec<Class> {
    let mut classes = Vec::new();
    for line in packed.lines() {
        let mut fields = line.split(' ');
        let mut number = |radix| fields.next().and_then(|field| u64::from_str_radix(field, radix).ok());
        let (Some(variables), Some(ands)) = (number(10), number(10)) else { continue };
        if variables as usize <= most_variables {
            let words = std::iter::from_fn(|| number(16));
            classes.extend(words.map(|word| Class::unpack(variables as usize, ands as usize, word)));
        }
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::{Class, Database};
    use crate::passes::functions::equivalence::equivalence;

    #[test]
    fn classes_are_packed_without_loss() {
        let class = Class { variables: 6, ands: vec![[1, 63], [127, 2], [3, 255], [511, 4]], output: 9 };
        assert_eq!(Class::unpack(6, 4, class.pack()), class);
    }

    /// The numbers of classes by variables and ANDs: Turan and Peralta, "The multiplicative complexity of Boolean
    /// functions on four and five variables" (2014); Çalık, Sönmez Turan and Peralta, "The multiplicative complexity of
    /// 6-variable Boolean functions" (2019), where the totals up to four ANDs are 1, 1, 3, 24 and 914.
    #[test]
    fn all_classes_are_there() {
        let database = Database::get(6);
        let count = |variables, ands| {
            let is_it = |class: &Class| class.variables == variables && class.ands.len() == ands;
            database.classes.iter().filter(|(class, _)| is_it(class)).count()
        };
        let counts: Vec<_> =
            (0..=6).map(|variables| [0, 1, 2, 3, 4].map(|ands| count(variables, ands))).collect();
        assert_eq!(counts[..5], [[1, 0, 0, 0, 0], [0; 5], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 2, 3, 0]]);
        assert_eq!(counts[5..], [[0, 0, 0, 14, 26], [0, 0, 0, 7, 888]]);
    }

    #[test]
    fn classes_differ() {
        let database = Database::get(6);
        for (index, (class, spectrum)) in database.classes.iter().enumerate() {
            let signature = spectrum.signature();
            let same =
                database.candidates(signature).filter(|(_, other)| equivalence(spectrum, other).is_some());
            assert_eq!(same.count(), 1, "class {index}: {class:?}");
        }
    }
}
