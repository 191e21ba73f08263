//! Which words tell something about a report, and which stand in every one.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that stand in every report and every mail, English and German.
const COMMON: &str = "\
    about above access according account actual actually admin after again against allow allowed allows already \
    also although always another answer anything application applications around attached attachment attack \
    attacker attackers attacks available based because been before behaviour behavior being below best better \
    between both bounty browser bug bugs build button call called calls cannot cause caused causes change check \
    click client code command company component confirm contact contains content control could crafted create \
    current data date dear default description detail details different disclosure does doing domain done during \
    each either else email enough error even every example execute exists expected explain exploit exploited \
    exploits false field file files find finding first fixed following format found from full function further \
    generated get gets getting give given gives goes good great have hello help here high however http https impact \
    important inside issue issues just kind kindly know known large latest lead leads like line link linux list \
    local login long look made mail main make makes many match means message might more most much must name need \
    needs never note nothing number object once only open opened option order other otherwise output over page \
    parameter parameters part patch perform please point poc possible post potential problem process product proof \
    public publish read receive received recommend recommendation reference references regards release released \
    report reported reporter reporting reports reproduce request requests research researcher response result \
    results return returned returns reward right running same save secure security send sending sends sensitive \
    sent server servers service session set severity should show shows side since site some something source \
    start started steps still string subject such suggest summary support sure system take target team test \
    tested testing text than thank thanks that their them then there these they thing think this those through \
    time times title type under until update upon urgent url used user users uses using valid value version \
    versions very victim visit vulnerability vulnerabilities vulnerable want website well were what when where \
    whether which while whole will with within without work works would write wrong your yours \
    aber alle allem allen aller alles also andere anderen angreifer anwendung auch auf aus bei beim bereits bericht \
    bitte danke dann darf dass datei dateien dazu deren dies diese diesem diesen dieser dieses doch durch eine \
    einem einen einer eines einfach fehler freundlichen ganz geehrte gegen gibt gruss gruessen grüsse grüssen haben \
    hallo hier ihnen ihre ihrem ihren ihrer immer jede jeder jetzt kann kein keine koennen können lassen luecke \
    lücke mehr meine mit möglich müssen nach nicht noch nutzer oder ohne produkt schon schwachstelle sehr sein \
    seite seiten server sich sicherheit sicherheitslücke sie sind sollte sonst team über und unser unsere unter \
    viele vom von vor war was wenn werden wie wieder wird wir wurde wurden zum zur zwischen";

static SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| COMMON.split_ascii_whitespace().collect());

/// Whether a word in lower case tells something: four characters at least, not a
/// number, not common, and no longer than words are.
pub(super) fn is_telling(word: &str) -> bool {
    let length = word.chars().take(41).count();
    (4..=40).contains(&length) && !word.bytes().all(|byte| byte.is_ascii_digit()) && !SET.contains(word)
}
