use std::fs::File;
use halfgate_circuits::bristol;
use halfgate_compiler::{Effort, Optimizer};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (circuit, _) = bristol::read(File::open(&a[2]).unwrap(), &a[2]).unwrap();
    let o = Optimizer::new(Effort::from_level(a[1].parse().unwrap()).unwrap()).run(&circuit, &mut |_| ()).circuit;
    let w = o.input_width();
    for (i, g) in o.gates().iter().enumerate() { println!("{} {:?}", w + i, g); }
}
