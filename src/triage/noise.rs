//! placeholder until the branch with the assessment of texts is merged
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Noise {
    pub score: u8,
    pub reasons: Vec<String>,
}
impl Noise {
    pub fn is_likely(&self) -> bool {
        self.score >= 60
    }
}
