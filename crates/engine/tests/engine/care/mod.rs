//! Properties of combined and cleared values: random mappings in which much meets, with and
//! without rules, sources that deleted some of their values, destinations that were edited.

mod model;
mod properties;
mod world;
