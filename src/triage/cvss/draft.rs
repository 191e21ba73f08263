//! A vector in the making: what an editor changes metric by metric.

use std::fmt;
use std::str::FromStr;

use super::metrics::{MAX, Metric, NOT_DEFINED, Value};
use super::read::{self, Misread};
use super::{Cvss, Group, Version};

/// A vector in which mandatory metrics may still be missing.
///
/// A metric that is `X` (Not Defined) and one that is left out are the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Draft {
    version: Version,
    /// For each metric of the version 0, or one more than the place of its value.
    chosen: [u8; MAX],
}

impl Draft {
    /// Without any metric.
    pub fn new(version: Version) -> Self {
        Self { version, chosen: [0; MAX] }
    }

    /// The version that the vector is of.
    pub fn version(&self) -> Version {
        self.version
    }

    /// With `value` for `metric`, both by their codes; `X` takes an optional metric out.
    ///
    /// # Errors
    /// [`Misread`] where the version has no such metric or the metric no such value.
    pub fn with(self, metric: &str, value: &str) -> Result<Self, Misread> {
        let (index, chosen) = read::choose(self.version, metric, value)?;
        Ok(self.put(index, chosen))
    }

    /// Without a value for `metric`.
    pub fn without(mut self, metric: &str) -> Self {
        if let Some((index, _)) = self.version.metric(metric) {
            self.chosen[index] = 0;
        }
        self
    }

    /// The value of the metric with this code; none where it is missing or not defined.
    pub fn value(&self, metric: &str) -> Option<&'static Value> {
        let (index, _) = self.version.metric(metric)?;
        self.at(index)
    }

    /// The metrics that have a value, in the order of the vector.
    pub fn values(&self) -> impl Iterator<Item = (&'static Metric, &'static Value)> {
        let metrics = self.version.metrics().iter().enumerate();
        metrics.filter_map(|(index, metric)| self.at(index).map(|value| (metric, value)))
    }

    /// The mandatory metrics that have no value yet, in the order of the vector.
    pub fn missing(&self) -> Vec<&'static Metric> {
        let metrics = self.version.metrics().iter().enumerate();
        let open = metrics.filter(|(index, metric)| metric.is_mandatory() && self.chosen[*index] == 0);
        open.map(|(_, metric)| metric).collect()
    }

    /// The vector, scored; none while a mandatory metric is missing.
    pub fn complete(&self) -> Option<Cvss> {
        Cvss::score_of(*self)
    }

    /// Whether a metric of `group` has a value.
    pub(super) fn has(&self, group: Group) -> bool {
        self.values().any(|(metric, _)| metric.group == group)
    }

    /// With the base metrics alone.
    pub(super) fn base(mut self) -> Self {
        for (chosen, metric) in self.chosen.iter_mut().zip(self.version.metrics()) {
            if metric.group != Group::Base {
                *chosen = 0;
            }
        }
        self
    }

    fn at(&self, index: usize) -> Option<&'static Value> {
        let place = usize::from(self.chosen[index]).checked_sub(1)?;
        self.version.metrics()[index].values.get(place)
    }

    /// With the value at `chosen` of the metric at `index`, as [`read::choose`] found them.
    pub(super) fn put(mut self, index: usize, chosen: usize) -> Self {
        let is_defined = self.version.metrics()[index].values[chosen].code != NOT_DEFINED;
        // No metric has more than five values.
        self.chosen[index] = if is_defined { chosen as u8 + 1 } else { 0 };
        self
    }
}

/// The vector in the standard's order, without what is not defined.
impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CVSS:{}", self.version)?;
        self.values().try_for_each(|(metric, value)| write!(f, "/{}:{}", metric.code, value.code))
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads a vector that need not be complete: metrics in any order, letters in any case.
impl FromStr for Draft {
    type Err = Misread;

    fn from_str(given: &str) -> Result<Self, Misread> {
        read::read(given)
    }
}
