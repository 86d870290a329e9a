// Two lists of customers, each sorted by id: how many do both have, and what are their orders worth together?

const ROWS: usize = 6usize;

struct Overlap {
    customers: u16,
    value: u32,
}

pub fn main(ours: [(u32, u32); ROWS], theirs: [(u32, u32); ROWS]) -> Overlap {
    let mut overlap = Overlap { customers: 0u16, value: 0u32 };
    for ((_, ours), (_, theirs)) in join_iter(ours, theirs) {
        overlap.customers += 1u16;
        overlap.value += ours + theirs;
    }
    overlap
}
