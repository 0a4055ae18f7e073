//! The image service: asks OpenAI, or a server that speaks like it, to draw.
//!
//! There are two routes. `POST /v1/responses` lets a main model call the image tool, and is the way of
//! api.openai.com; `POST /v1/images/edits` is the portable one. Both are read as a stream with previews, and a plain
//! JSON answer is taken as well. The way of a drawing: [`DrawJob`] -> `request` (the body) -> `send` (attempts, the
//! stream) -> `body` (what came) -> `answer` (events to a [`Drawing`], by `shapes` and `picture`), or `fault` (what the service says instead) -> `context` (to a
//! [`DrawError`](crate::error::DrawError) that says what to do); `wait` is where a cancel and the idle time end it.
//!
//! The rules this module keeps: the key goes to one host only and into no text; plain http stays on this machine;
//! what may have been billed is never asked again on its own.

mod answer;
mod body;
mod client;
mod connection;
mod context;
pub mod cost;
mod fault;
mod job;
mod pause;
mod picture;
mod provider;
mod request;
mod route;
mod send;
mod shapes;
mod wait;

pub use answer::read_kept;
pub use client::Client;
pub use job::{DrawJob, ServiceModel, Timing};
pub use provider::OpenAi;
pub use request::{INSTRUCTIONS, MOST_PICTURES};
pub use route::Route;
