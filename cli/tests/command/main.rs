//! The command as its users meet it: the real binary, its output, its exit codes.
#![cfg(test)]

mod bench;
mod case_files;
mod demo;
mod doctor;
mod drawing;
mod ends;
mod equality;
mod estimate;
mod function_pages;
mod help;
mod json;
mod meeting;
mod process;
mod programs;
mod published;
mod relay;
mod rewriting;
mod secrets;
mod sources;
