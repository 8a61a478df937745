//! People who come in batches: scored as they come where each row stands alone, otherwise when all are there.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use arrow_array::{ArrayRef, NullArray, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use kaohe_grammar::{fold_name, say};

use super::data::{Data, Options, Progress, Stop};
use super::keys::Seen;
use super::stages::stages;
use super::{Run, Table};
use crate::code::Code;
use crate::error::DataError;
use crate::plan::ColumnId;
use crate::problem::Problem;
use crate::scheme::Scheme;

/// Is told how far a run is, and says whether to go on.
type Look<'p> = Option<&'p mut dyn FnMut(Progress) -> ControlFlow<()>>;

/// People scored batch by batch: for each batch that comes in one of figures comes out.
///
/// Where no figure is over a group and no detail table is read, a batch is scored when it comes, and of those before only
/// their keys are kept, as numbers of 64 bits. Otherwise all batches are read first, of which the columns are kept that
/// the figures asked for are computed from.
pub struct Stream<B> {
    scheme: Scheme,
    batches: Option<B>,
    /// What comes in.
    people: SchemaRef,
    /// What comes out.
    schema: SchemaRef,
    /// Detail tables and values of the run, without people.
    data: Data,
    threads: usize,
    columns: Option<Vec<String>>,
    /// The inputs that are kept of all rows, where rows do not stand alone; all of them when nothing is said.
    kept: Option<HashSet<usize>>,
    seen: Seen,
    rows: usize,
    /// Whether rows stand alone.
    each: bool,
    /// What came of all rows, and the batches that have not come out.
    whole: Option<(Arc<Run>, RecordBatch, std::vec::IntoIter<Range<usize>>)>,
}

impl<B> std::fmt::Debug for Stream<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// A batch of people of a stream, scored.
#[derive(Debug, Clone)]
pub struct Scored {
    run: Arc<Run>,
    batch: RecordBatch,
    /// The rows of the run that are this batch.
    rows: Range<usize>,
    /// The number in the stream, from 0, of the first row of the run.
    before: usize,
}

impl Scored {
    /// The figures, as [`Run::record_batch`] has them.
    #[must_use]
    pub const fn record_batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// The number of its first row in the stream, from 0.
    #[must_use]
    pub fn first_row(&self) -> usize {
        self.before.saturating_add(self.rows.start)
    }

    /// Why cells are empty or figures provisional: of each row that has such its number in the stream, from 0, its key and
    /// the reasons.
    pub fn problems(&self) -> impl Iterator<Item = (usize, String, Vec<Problem>)> + '_ {
        let incomplete = self.run.incomplete();
        let from = incomplete.partition_point(|row| *row < self.rows.start);
        let of_batch = incomplete.iter().skip(from).take_while(|row| **row < self.rows.end);
        of_batch.map(|row| (self.before.saturating_add(*row), self.run.key(*row), self.run.problems(*row)))
    }

    /// Whether every cell has come out, and no figure is provisional.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.problems().next().is_none()
    }
}

impl Scheme {
    /// Scores people who come in Arrow record batches of one schema, in as little memory as their figures allow.
    ///
    /// `beside` has the detail tables and the values of the run; its people are not looked at. Of the options the threads
    /// and the columns count; see [`Stream::next_with`] for progress.
    ///
    /// # Errors
    ///
    /// [`DataError`] when a column is asked for that the scheme does not have.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    /// use kaohe::{Data, Options, Scheme};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 例
    /// inputs: { 工号: { type: text, key: true }, 存款: { type: number } }
    /// computed: { 万元: { formula: 存款 / 10000, round: 2 } }
    /// ",
    /// )?;
    /// let batch = |key: &str, deposits: i64| {
    ///     let columns: [(&str, ArrayRef); 2] = [
    ///         ("工号", Arc::new(StringArray::from(vec![key]))),
    ///         ("存款", Arc::new(Int64Array::from(vec![deposits]))),
    ///     ];
    ///     RecordBatch::try_from_iter(columns)
    /// };
    /// let batches = [batch("001", 12_345), batch("002", 67_890)];
    /// let schema = batches[0].as_ref().unwrap().schema();
    /// let mut stream = scheme.score_batches(&schema, batches, Data::default(), Options::default())?;
    /// let second = stream.nth(1).unwrap()?;
    /// assert_eq!((second.first_row(), second.record_batch().num_rows()), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn score_batches<B: IntoIterator<Item = Result<RecordBatch, ArrowError>>>(
        &self,
        schema: &SchemaRef,
        batches: B,
        beside: Data,
        options: Options<'_>,
    ) -> Result<Stream<B::IntoIter>, DataError> {
        let plan = self.plan();
        let (shown, by_group) = match &options.columns {
            Some(names) => {
                let shown: Vec<ColumnId> = self.columns_named(names)?.to_vec();
                let stages = stages(plan, &shown);
                (shown, !stages.is_empty())
            }
            None => (plan.shown.clone(), !plan.groups.is_empty()),
        };
        // without columns every cell is held to its declaration; with detail rows how many are looked at counts as a whole
        let is_part = options.columns.is_some() && plan.details.is_empty();
        let kept = (is_part && by_group).then(|| plan.inputs_behind(&shown));
        let field = |id: &ColumnId| Field::new(&*plan.column(*id).name, Self::arrow_type(plan, *id), true);
        let figures = Schema::new(shown.iter().map(field).collect::<Vec<_>>());
        Ok(Stream {
            each: plan.details.is_empty() && !by_group,
            kept,
            scheme: self.clone(),
            batches: Some(batches.into_iter()),
            people: Arc::clone(schema),
            schema: Arc::new(figures),
            data: beside,
            threads: options.threads,
            columns: options.columns,
            seen: Seen::default(),
            rows: 0,
            whole: None,
        })
    }
}

impl<B: Iterator<Item = Result<RecordBatch, ArrowError>>> Stream<B> {
    /// The schema of what comes out.
    #[must_use]
    pub const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next batch, and `look` is told how far it is; nothing when there is no further, or after an error.
    pub fn next_with(&mut self, mut look: Look<'_>) -> Option<Result<Scored, Stop>> {
        let next = if self.each { self.of_next_batch(&mut look) } else { self.of_all(&mut look) };
        let next = next.transpose();
        if !matches!(next, Some(Ok(_))) {
            (self.batches, self.whole) = (None, None);
        }
        next
    }

    fn of_next_batch(&mut self, look: &mut Look<'_>) -> Result<Option<Scored>, Stop> {
        let Some(batch) = self.batches.as_mut().and_then(Iterator::next) else { return Ok(None) };
        let batch = batch.map_err(|error| broken(&error))?;
        let before = self.rows;
        let run = self.scored(vec![batch], before, look)?;
        self.seen.add(self.scheme.plan(), &run.people)?;
        self.rows = before.saturating_add(run.rows());
        let batch = self.fitting(run.record_batch())?;
        Ok(Some(Scored { rows: 0..run.rows(), run: Arc::new(run), batch, before }))
    }

    fn of_all(&mut self, look: &mut Look<'_>) -> Result<Option<Scored>, Stop> {
        if self.whole.is_none() {
            let Some(batches) = self.batches.take() else { return Ok(None) };
            let (mut parts, mut cuts) = (Vec::new(), Vec::new());
            for batch in batches {
                let batch = batch.and_then(|batch| self.read(&batch)).map_err(|error| broken(&error))?;
                let end = self.rows.saturating_add(batch.num_rows());
                cuts.push(self.rows..end);
                self.rows = end;
                parts.push(batch);
                if let Some(look) = look
                    && look(Progress { done: 0, total: end }).is_break()
                {
                    return Err(Stop::Stopped);
                }
            }
            let run = self.scored(parts, 0, look)?;
            let batch = self.fitting(run.record_batch())?;
            self.whole = Some((Arc::new(run), batch, cuts.into_iter()));
        }
        let Some((run, batch, cuts)) = &mut self.whole else { return Ok(None) };
        Ok(cuts.next().map(|rows| Scored {
            run: Arc::clone(run),
            batch: batch.slice(rows.start, rows.len()),
            rows,
            before: 0,
        }))
    }

    /// Whether the column of a header is kept: that of the key, and those that something is computed from.
    fn keeps(&self, header: &str) -> bool {
        let name = fold_name(header.trim());
        let mut inputs = self.scheme.plan().inputs.iter().enumerate();
        inputs.any(|(at, input)| {
            let is_kept = input.key || self.kept.as_ref().is_none_or(|kept| kept.contains(&at));
            is_kept && input.names().any(|known| *known == *name)
        })
    }

    /// The columns of a batch that are kept; of the others the headers alone, by which misspelt ones are told.
    fn read(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let columns = self.people.fields().iter().zip(batch.columns()).map(|(field, array)| {
            if self.keeps(field.name()) {
                (Arc::clone(field), Arc::clone(array))
            } else {
                let nothing: ArrayRef = Arc::new(NullArray::new(batch.num_rows()));
                (Arc::new(Field::new(field.name(), DataType::Null, true)), nothing)
            }
        });
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = columns.unzip();
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &rows)
    }

    fn scored(&self, batches: Vec<RecordBatch>, before: usize, look: &mut Look<'_>) -> Result<Run, Stop> {
        let mut people = Table::of_batches(&self.people, batches);
        if before > 0 {
            let number = |row: usize| u32::try_from(row.saturating_add(1)).unwrap_or(u32::MAX);
            let rows = before..before.saturating_add(people.rows());
            people = people.with_lines(rows.map(number).collect());
        }
        let data = Data { people, ..self.data.clone() };
        let mut options = Options { columns: self.columns.clone(), ..Options::threads(self.threads) };
        let mut look = |progress: Progress| look.as_mut().map_or(ControlFlow::Continue(()), |look| look(progress));
        options = options.with_progress(&mut look);
        self.scheme.score(data, options)
    }

    /// The batch, of the schema that every batch has.
    fn fitting(&self, batch: RecordBatch) -> Result<RecordBatch, DataError> {
        let schema = batch.schema();
        let other = schema.fields().iter().zip(self.schema.fields()).filter(|(of, wanted)| of != wanted);
        let other: Vec<String> = other.map(|(_, wanted)| wanted.name().clone()).collect();
        if other.is_empty() {
            return Ok(batch);
        }
        let names: Vec<String> = other.iter().map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        Err(DataError {
            code: Code::StreamBroken,
            message: say!(
                "a figure without a limit has no place in a stream of decimals: {names}",
                "无上限的数值不能放入小数数据流：{names}"
            ),
            help: Some(say!("score the table as a whole, or leave that column out", "请整表计算，或不取该列")),
            offenders: other,
        })
    }
}

impl<B: Iterator<Item = Result<RecordBatch, ArrowError>>> Iterator for Stream<B> {
    type Item = Result<Scored, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_with(None)
    }
}

fn broken(error: &ArrowError) -> DataError {
    DataError {
        code: Code::StreamBroken,
        message: say!("the stream of tables breaks off: {error}", "数据流中断：{error}"),
        help: Some(say!("see to it that its source can be read to the end", "请确认数据源可以完整读取")),
        offenders: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Decimal128Type;
    use arrow_array::{Int64Array, StringArray};

    use super::*;

    const ALONE: &str = "
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, a: { type: number, min: 0 } }
computed: { b: { formula: a / 3, round: 2 } }
";
    const TOGETHER: &str = "
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, a: { type: number, min: 0 }, n: { type: number, max: 6, missing: 0 } }
computed: { b: { formula: a / 3, round: 2 }, c: rank(a desc ties min) }
";

    fn batches(of: &[&[(&str, i64)]]) -> (SchemaRef, Vec<Result<RecordBatch, ArrowError>>) {
        let batch = |rows: &&[(&str, i64)]| {
            let keys: StringArray = rows.iter().map(|(key, _)| Some(*key)).collect();
            let numbers: Int64Array = rows.iter().map(|(_, number)| Some(*number)).collect();
            let beside = arrow_array::new_null_array(
                &arrow_schema::DataType::List(Arc::new(Field::new("item", arrow_schema::DataType::Int8, true))),
                rows.len(),
            );
            // a number that is read by nothing is held to its declaration all the same
            let unread = Arc::new(numbers.clone());
            let columns: [(&str, ArrayRef); 4] =
                [("k", Arc::new(keys)), ("beside", beside), ("a", Arc::new(numbers)), ("n", unread)];
            RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true)))
        };
        let all: Vec<_> = of.iter().map(batch).collect();
        (all[0].as_ref().unwrap().schema(), all)
    }

    #[test]
    fn batches_are_the_whole_in_parts() {
        for source in [ALONE, TOGETHER] {
            let scheme = Scheme::parse(source).unwrap();
            let (schema, parts) = batches(&[&[("1", 5), ("2", -1)], &[], &[("3", 7)]]);
            let whole = Table::of_batches(&schema, parts.iter().map(|part| part.as_ref().unwrap().clone()));
            let whole = scheme.score(Data::of(whole), Options::default()).unwrap();
            let stream = scheme.score_batches(&schema, parts, Data::default(), Options::default()).unwrap();
            let figures = Arc::clone(stream.schema());
            let scored: Vec<Scored> = stream.map(Result::unwrap).collect();
            let sizes: Vec<usize> = scored.iter().map(|batch| batch.record_batch().num_rows()).collect();
            assert_eq!(sizes, [2, 0, 1]);
            let mut row = 0;
            for part in &scored {
                assert_eq!((part.record_batch().schema(), part.first_row()), (Arc::clone(&figures), row));
                let same = whole.record_batch().slice(row, part.record_batch().num_rows());
                assert_eq!(*part.record_batch(), same);
                row += part.record_batch().num_rows();
            }
            let problems: Vec<_> = scored.iter().flat_map(Scored::problems).collect();
            let wanted: Vec<_> =
                whole.incomplete().iter().map(|row| (*row, whole.key(*row), whole.problems(*row))).collect();
            assert_eq!(problems, wanted);
        }
    }

    #[test]
    fn only_what_is_asked_for_is_kept() {
        const MORE: &str = "
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, a: { type: number }, beside: { type: number, header: [beside, b] } }
computed: { c: rank(a desc ties min), d: rank(beside desc ties min) }
";
        let scheme = Scheme::parse(MORE).unwrap();
        let (schema, parts) = batches(&[&[("1", 5)], &[("2", 7)]]);
        let options = Options::default().with_columns(["c"]);
        let stream = scheme.score_batches(&schema, parts, Data::default(), options).unwrap();
        assert_eq!(["k", "a", "b", "beside"].map(|header| stream.keeps(header)), [true, true, false, false]);
        // a column of lists would be refused if it were read
        let places: Vec<_> = stream.map(|batch| batch.unwrap().record_batch().clone()).collect();
        let place = |at: usize| places[at].column(0).as_primitive::<Decimal128Type>().value_as_string(0);
        assert_eq!([place(0), place(1)], ["2.000000000000", "1.000000000000"]);
    }

    #[test]
    fn a_key_of_two_batches_is_refused() {
        for source in [ALONE, TOGETHER] {
            let scheme = Scheme::parse(source).unwrap();
            let (schema, parts) = batches(&[&[("1", 5)], &[("2", 1), ("1", 2)]]);
            let mut stream = scheme.score_batches(&schema, parts, Data::default(), Options::default()).unwrap();
            let Some(Stop::Data(error)) = stream.by_ref().find_map(Result::err) else { panic!() };
            assert_eq!((error.code, error.offenders), (Code::KeyTwice, vec!["1".to_owned()]));
            assert!(stream.next().is_none());
        }
    }

    #[test]
    fn a_source_that_breaks_off_is_told() {
        let scheme = Scheme::parse(ALONE).unwrap();
        let (schema, mut parts) = batches(&[&[("1", 5)]]);
        parts.push(Err(ArrowError::ComputeError("the disk is gone".into())));
        let mut stream = scheme.score_batches(&schema, parts, Data::default(), Options::default()).unwrap();
        assert!(stream.next().is_some_and(|batch| batch.is_ok()));
        let Some(Err(Stop::Data(error))) = stream.next() else { panic!() };
        assert_eq!(error.code, Code::StreamBroken);
        assert!(error.message.en.contains("the disk is gone"));
    }

    #[test]
    fn whoever_looks_can_stop_it() {
        let scheme = Scheme::parse(TOGETHER).unwrap();
        let (schema, parts) = batches(&[&[("1", 5)], &[("2", 5)]]);
        let mut stream = scheme.score_batches(&schema, parts, Data::default(), Options::default()).unwrap();
        let mut look = |_| ControlFlow::Break(());
        assert_eq!(stream.next_with(Some(&mut look)).and_then(Result::err), Some(Stop::Stopped));
        assert!(stream.next().is_none());
    }
}
