// A bank scores an applicant with weights of its own; neither the weights nor the answers are shown.

const FACTORS: usize = 5usize;

struct Model {
    weights: [i32; FACTORS],
    offset: i32,
    limit: i32,
}

enum Decision {
    Accept,
    AskAPerson,
    Decline,
}

pub fn main(model: Model, answers: [i16; FACTORS]) -> (Decision, bool) {
    let mut score = model.offset;
    for i in 0usize..5usize {
        score += model.weights[i] * (answers[i] as i32);
    }
    let near = score > model.limit - 10i32 && score < model.limit + 10i32;
    let decision = if near {
        Decision::AskAPerson
    } else if score > model.limit {
        Decision::Decline
    } else {
        Decision::Accept
    };
    (decision, score > model.limit)
}
