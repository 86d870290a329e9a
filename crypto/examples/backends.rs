//! Prints the backends that this machine has, slowest first.

use halfgate_crypto::Backend;

fn main() {
    for backend in Backend::available() {
        #[allow(clippy::print_stdout)] // an example is a program
        {
            println!("{}", backend.name());
        }
    }
}
