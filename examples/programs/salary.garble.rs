// Two firms compare what they pay for the same kind of work, without showing a single salary.

const STAFF: usize = 4usize;

struct Firm {
    salaries: [u32; STAFF],
    bonus_percent: u8,
}

enum Gap {
    Alike,
    OursHigher(u32),
    TheirsHigher(u32),
}

fn average(firm: Firm) -> u32 {
    let mut sum = 0u32;
    for salary in firm.salaries {
        sum += salary;
    }
    sum += (sum / 100u32) * (firm.bonus_percent as u32);
    sum / (STAFF as u32)
}

pub fn main(ours: Firm, theirs: Firm) -> Gap {
    let a = average(ours);
    let b = average(theirs);
    if a > b {
        Gap::OursHigher(a - b)
    } else if b > a {
        Gap::TheirsHigher(b - a)
    } else {
        Gap::Alike
    }
}
