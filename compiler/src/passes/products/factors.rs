use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::graph::{Graph, Literal, NodeId};
use crate::passes::products::multiplication::multiplication;
use crate::passes::products::polynomial::{Frame, Function, Monomial, ONE, factors};
use crate::passes::sums::{Identity, Product, Terms, Uses, bits};

/// The same identity with products of words in place of their partial products, however these are made: the addends are
/// multiplied out in the frame, and what is left when the products are subtracted must be a sum of single nodes again.
pub(crate) fn with_products(uses: &Uses<'_>, identity: &Identity, frame: Frame) -> Option<Identity> {
    match multiplied(uses.graph, identity, frame) {
        Found::Nothing => None,
        Found::Products(identity) => Some(identity),
        Found::Below([a, b]) => {
            let lowest = Literal::new(uses.product(a, b)?, false);
            match multiplied(uses.graph, &identity.clone().above(lowest), frame) {
                Found::Products(identity) => Some(identity),
                Found::Nothing | Found::Below(_) => None,
            }
        }
    }
}

enum Found {
    Nothing,
    Products(Identity),
    /// A product begins one place below the word: with the product of these two, which no adder has to add to anything.
    Below([Literal; 2]),
}

fn multiplied(graph: &Graph, identity: &Identity, frame: Frame) -> Found {
    let addends = Addends::new(graph, identity, frame);
    let width = identity.word.len();
    let mut result = Identity {
        word: identity.word.clone(),
        columns: vec![Vec::new(); width],
        products: Vec::new(),
        ones: Vec::new(),
    };
    let mut constants: Vec<i64> = identity.ones.iter().map(|&one| i64::from(one)).collect();
    for group in addends.groups() {
        match factored(&group, width) {
            Some(factored) => {
                if let Some(lowest) = factored.lowest_below() {
                    return Found::Below(lowest);
                }
                factored.add_to(&mut result, &mut constants);
            }
            None => group.iter().for_each(|addend| result.columns[addend.weight].push(addend.literal)),
        }
    }
    result.ones = bits(&constants);
    if result.products.is_empty() { Found::Nothing } else { Found::Products(result) }
}

struct Addend {
    literal: Literal,
    weight: usize,
    function: Function,
}

struct Addends(Vec<Addend>);

impl Addends {
    fn new(graph: &Graph, identity: &Identity, frame: Frame) -> Self {
        let columns = identity.columns.iter().enumerate();
        let addends =
            columns.flat_map(|(weight, column)| column.iter().map(move |&literal| (weight, literal)));
        let addend = |(weight, literal): (usize, Literal)| Addend {
            literal,
            weight,
            function: Function::new(graph, literal.node(), frame),
        };
        Addends(addends.map(addend).collect())
    }

    /// Addends that depend on the same nodes, directly or by others.
    fn groups(self) -> Vec<Vec<Addend>> {
        let mut leaders: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        for addend in &self.0 {
            let roots: Vec<_> =
                addend.function.atoms().iter().map(|&atom| leader(&mut leaders, atom)).collect();
            if let Some(&least) = roots.iter().min() {
                roots.into_iter().for_each(|root| {
                    leaders.insert(root, least);
                });
            }
        }
        let mut groups: BTreeMap<NodeId, Vec<Addend>> = BTreeMap::new();
        for addend in self.0 {
            let root =
                addend.function.atoms().first().map_or(NodeId::ZERO, |&atom| leader(&mut leaders, atom));
            groups.entry(root).or_default().push(addend);
        }
        groups.into_values().collect()
    }
}

fn leader(leaders: &mut BTreeMap<NodeId, NodeId>, node: NodeId) -> NodeId {
    let mut path = Vec::new();
    let mut root = node;
    while let Some(&next) = leaders.get(&root).filter(|&&next| next != root) {
        path.push(root);
        root = next;
    }
    path.into_iter().for_each(|node| {
        leaders.insert(node, root);
    });
    leaders.entry(root).or_insert(root);
    root
}

/// Products and what is left.
struct Factored {
    products: Vec<Factors>,
    rest: Vec<BTreeMap<Monomial, i8>>,
}

/// Two words, lowest bits first, and the weight of their product, which is negative if its lowest bit is not there.
struct Factors {
    words: [Vec<Option<Literal>>; 2],
    weight: isize,
}

fn factored(group: &[Addend], width: usize) -> Option<Factored> {
    let mut terms = Terms::new();
    for addend in group {
        let sign = if addend.literal.inverted() { -1 } else { 1 };
        if addend.literal.inverted() {
            terms.add(addend.weight, ONE, 1);
        }
        addend.function.add_to(&mut terms, addend.weight, sign);
    }
    let digits = terms.clone().into_digits(width);
    let products = Bipartite::new(&digits)?.factors();
    for product in &products {
        product.subtract_from(&mut terms);
    }
    let rest = terms.into_digits(width);
    let is_linear = rest.iter().flat_map(BTreeMap::keys).all(|monomial| factors(monomial).len() <= 1);
    (is_linear && !products.is_empty()).then_some(Factored { products, rest })
}

impl Factored {
    /// The lowest bits of factors whose product begins below the word.
    fn lowest_below(&self) -> Option<[Literal; 2]> {
        let below = self.products.iter().find(|product| product.weight < 0)?;
        Some([below.words[0][0]?, below.words[1][0]?])
    }

    fn add_to(self, identity: &mut Identity, constants: &mut [i64]) {
        let width = identity.word.len();
        for (weight, digits) in self.rest.into_iter().enumerate() {
            for (monomial, digit) in digits {
                match factors(&monomial) {
                    [] => constants[weight] += i64::from(digit),
                    nodes => {
                        constants[weight] -= i64::from(digit < 0);
                        identity.columns[weight].push(Literal::new(nodes[0], digit < 0));
                    }
                }
            }
        }
        for Factors { words: [a, b], weight } in self.products {
            let weight = usize::try_from(weight).expect("products that begin below are refused");
            let shapes = [&a, &b].map(|word| word.iter().map(Option::is_some).collect());
            let circuit = multiplication([&shapes[0], &shapes[1]], width - weight);
            let operands = a.into_iter().chain(b).flatten().collect();
            identity.products.push(Product { circuit, operands, weight });
        }
    }
}

impl Factors {
    /// Subtracts the product, multiplied out.
    fn subtract_from(&self, terms: &mut Terms<Monomial>) {
        let bits = |word: &[Option<Literal>]| -> Vec<(usize, Literal)> {
            word.iter().enumerate().filter_map(|(k, literal)| literal.map(|literal| (k, literal))).collect()
        };
        for (i, a) in bits(&self.words[0]) {
            for (j, b) in bits(&self.words[1]) {
                let Ok(place) = usize::try_from(self.weight + (i + j) as isize) else { continue };
                let [a_sign, b_sign] = [a, b].map(|literal| if literal.inverted() { -1 } else { 1 });
                let mut nodes = [a.node(), b.node()];
                nodes.sort_unstable();
                let mut monomial = ONE;
                monomial[..2].copy_from_slice(&nodes);
                terms.add(place, monomial, -(a_sign * b_sign));
                let single = |node| {
                    let mut monomial = ONE;
                    monomial[0] = node;
                    monomial
                };
                if b.inverted() {
                    terms.add(place, single(a.node()), -a_sign);
                }
                if a.inverted() {
                    terms.add(place, single(b.node()), -b_sign);
                }
                if a.inverted() && b.inverted() {
                    terms.add(place, ONE, -1);
                }
            }
        }
    }
}

/// The nodes of a group, on two sides such that only nodes of different sides are multiplied.
struct Bipartite {
    /// For each side nodes by weight, and whether they are to be inverted.
    sides: [BTreeSet<(isize, NodeId, bool)>; 2],
}

impl Bipartite {
    fn new(digits: &[BTreeMap<Monomial, i8>]) -> Option<Self> {
        let mut edges: BTreeMap<NodeId, Vec<(NodeId, isize, bool)>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (weight, digits) in digits.iter().enumerate() {
            for (monomial, &digit) in digits {
                match factors(monomial) {
                    [] | [_] => {}
                    &[a, b] if seen.insert((a, b)) => {
                        edges.entry(a).or_default().push((b, weight as isize, digit < 0));
                        edges.entry(b).or_default().push((a, weight as isize, digit < 0));
                    }
                    _ => return None,
                }
            }
        }
        let top = digits.len() as isize - 1;
        let first = *edges.keys().next()?;
        let mut places: BTreeMap<NodeId, (usize, isize, bool)> = BTreeMap::from([(first, (0, 0, false))]);
        // At the top plus and minus are the same: what is multiplied there is looked at last.
        let (mut open, mut at_top) = (VecDeque::from([first]), VecDeque::from([first]));
        while let Some((node, is_last)) =
            open.pop_front().map(|node| (node, false)).or_else(|| at_top.pop_front().map(|node| (node, true)))
        {
            let (side, weight, inverted) = places[&node];
            for &(other, sum, negative) in edges[&node].iter().filter(|&&(_, sum, _)| (sum == top) == is_last)
            {
                let found = (1 - side, sum - weight, inverted ^ negative);
                match places.get(&other) {
                    None => {
                        places.insert(other, found);
                        open.push_back(other);
                        at_top.push_back(other);
                    }
                    Some(&(side, ..)) if side != found.0 => return None,
                    Some(_) => {} // subtracting the product shows whether it fits
                }
            }
        }
        if places.len() < edges.len() {
            return None;
        }
        let side = |side| {
            let nodes = places.iter().filter(move |(_, place)| place.0 == side);
            nodes.map(|(&node, &(_, weight, inverted))| (weight, node, inverted)).collect()
        };
        Some(Bipartite { sides: [side(0), side(1)] })
    }

    /// Words: where a side has several nodes of one weight, they belong to different words.
    fn factors(self) -> Vec<Factors> {
        let [first, second] = self.sides.map(words);
        let pairs = first.iter().flat_map(|a| second.iter().map(move |b| (a, b)));
        pairs
            .map(|((a_weight, a), (b_weight, b))| Factors {
                words: [a.clone(), b.clone()],
                weight: a_weight + b_weight,
            })
            .collect()
    }
}

/// Distributes nodes over words, each with the weight of its lowest bit.
fn words(nodes: BTreeSet<(isize, NodeId, bool)>) -> Vec<(isize, Vec<Option<Literal>>)> {
    let mut words: Vec<(isize, Vec<Option<Literal>>)> = Vec::new();
    for (weight, node, inverted) in nodes {
        let literal = Some(Literal::new(node, inverted));
        let free = words.iter_mut().find(|(lowest, word)| lowest + (word.len() as isize) <= weight);
        match free {
            Some((lowest, word)) => {
                word.resize((weight - *lowest) as usize, None);
                word.push(literal);
            }
            None => words.push((weight, vec![literal])),
        }
    }
    words
}
