use std::path::Path;

/// Calls the body of a target with every input of its corpus as it is, cut at some places, and with some bytes changed.
pub(crate) fn replay(corpus: &Path, body: fn(&[u8]), mutations: usize) {
    let mut names: Vec<_> = corpus.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 4, "{} inputs in {}", names.len(), corpus.display());
    for name in names {
        let data = std::fs::read(&name).unwrap();
        body(&data);
        let mut state = data.len() as u64 + 1;
        let mut next = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound.max(1)
        };
        for _ in 0..mutations {
            body(&data[..next(data.len())]);
            let mut changed = data.clone();
            for _ in 0..=next(3) {
                let place = next(changed.len());
                if let Some(byte) = changed.get_mut(place) {
                    *byte = [b'0', b'9', b' ', b'\n', 0xff, *byte ^ 1][next(6)];
                }
            }
            body(&changed);
        }
    }
}
