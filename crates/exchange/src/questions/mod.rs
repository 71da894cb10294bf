//! All questions, by screen. Only data: what is asked, what is answered. The
//! answers are worked out in [`crate::service`].

pub mod browse;
pub mod connections;
pub mod exchanges;
pub mod import;
pub mod mapping;
pub mod row;
pub mod runs;
pub mod session;

macro_rules! question {
    ($area:ident: $name:ident -> $answer:ty) => {
        impl crate::question::Question for $name {
            const NAME: &'static str = stringify!($name);
            const AREA: crate::question::Area = crate::question::Area::$area;
            type Answer = $answer;
        }
    };
}
pub(crate) use question;
