//! kaohe for Node.js: converts, calls the core, converts back; it decides nothing.
//!
//! A call crosses the boundary once in each direction, as text: the facts as JSON of marked cells ([`cell`]), the
//! figures as JSON of decimal texts ([`figure`]), an error as its JSON ([`error`]). The JavaScript beside it
//! (`index.js`, `lib/`) gives that text its public shape. One person's plain row goes without ([`quick`]). Many people
//! ([`data`]) and their tables ([`table`], [`column`], [`ipc`]) come block by block, are scored on the pool of threads that
//! Node keeps for such work, and go back block by block ([`run`], [`typed`]), so the event loop goes on.

pub mod cell;
pub mod column;
pub mod data;
pub mod describe;
pub mod error;
pub mod figure;
pub mod formula;
pub mod ipc;
pub mod memory;
pub mod quick;
pub mod ratings;
pub mod report;
pub mod round;
pub mod run;
pub mod scheme;
pub mod table;
pub mod typed;
