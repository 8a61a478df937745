//! One formula on its own.

use kaohe::Formula;
use napi_derive::napi;

use crate::error::{self, Result, internal};
use crate::{cell, figure};

/// A formula that was read and checked.
#[napi]
pub struct NativeFormula {
    formula: Formula,
}

#[napi]
impl NativeFormula {
    /// Reads a formula; `types` is a JSON list of pairs, a name and its declaration.
    #[napi(factory)]
    pub fn parse(text: String, types: String) -> Result<Self> {
        let types: Vec<(String, String)> = serde_json::from_str(&types).map_err(|why| internal(&why))?;
        let formula = Formula::typed(&text, &types).map_err(|refused| error::scheme(&refused, None))?;
        Ok(Self { formula })
    }

    /// The names it reads.
    #[napi(getter)]
    pub fn names(&self) -> Vec<String> {
        self.formula.names().map(str::to_owned).collect()
    }

    /// Its figure for these facts, as JSON.
    #[napi]
    pub fn evaluate(&self, row: String) -> Result<String> {
        let result = self.formula.evaluate(&cell::row(&row)?).map_err(|refused| error::data(&refused))?;
        result.map(|found| figure::json(&found)).map_err(error::cell)
    }

    /// Numerator and denominator of its exact number for these facts; nothing when it has none.
    #[napi]
    pub fn evaluate_exact(&self, row: String) -> Result<Option<Vec<String>>> {
        let result = self.formula.evaluate_exact(&cell::row(&row)?).map_err(|refused| error::data(&refused))?;
        let number = result.map_err(error::cell)?;
        Ok(number.map(|number| {
            let (numerator, denominator) = number.to_fraction();
            vec![numerator.to_string(), denominator.to_string()]
        }))
    }
}
