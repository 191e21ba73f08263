//! The phrases by which noise is known, with their weights.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Seen;
use crate::triage::phrases::{Phrases, Words};

/// A kind of phrases: what it shows, how heavy the first one weighs, how heavy
/// each further one, at most twice.
struct Sign {
    what: &'static str,
    first: i32,
    further: i32,
    /// Whoever writes so may name versions that no person looked at.
    is_scan: bool,
    /// Apart by commas.
    phrases: &'static str,
}

const SIGNS: &[Sign] = &[
    Sign {
        what: "asks for a reward",
        is_scan: false,
        first: 25,
        further: 5,
        phrases: "bug bounty program, bug bounty programme, bug bounty reward, bounty program, do you have a bug \
            bounty, do you offer a bounty, any bounty, my bounty, bounty reward, bounty for this, monetary \
            reward, financial reward, cash reward, expecting a reward, expect a reward, hope for a reward, \
            looking forward to a reward, reward for this, reward for my, appreciation reward, get \
            rewarded, rewarded for, compensation for, token of appreciation, provide any swag, some swag, \
            goodies, hall of fame, do you pay, how much do you pay, geldprämie, belohnung für, eine \
            belohnung, finderlohn",
    },
    Sign {
        what: "talks of payment before details",
        is_scan: false,
        first: 30,
        further: 5,
        phrases: "share the details after, send the details after, full details after payment, once you confirm \
            the reward, before i share the details, before sharing the details, after the payment, upon \
            payment, paypal, bitcoin, btc, usdt, crypto wallet, bank details, pay me, payment first, \
            willing to pay, is there a reward before, nach zahlung, gegen zahlung, gegen bezahlung",
    },
    Sign {
        what: "reports a missing header, record or setting",
        is_scan: false,
        first: 30,
        further: 5,
        phrases: "spf record, spf records, no spf, missing spf, dmarc, dkim, bimi, mta sts, dnssec, caa record, \
            hsts, strict transport security, x frame options, clickjacking, click jacking, content \
            security policy header, missing csp, csp header, x content type options, x xss protection, \
            referrer policy, permissions policy, missing security headers, security headers are missing, \
            missing http headers, secure flag, httponly flag, samesite attribute, server banner, version \
            disclosure, banner disclosure, autocomplete enabled, autocomplete attribute, options method, \
            trace method, directory listing, self xss, tabnabbing, target blank, email spoofing, spoof \
            your email, forge emails, xmlrpc php, wp json, wordpress user enumeration, csrf on logout, \
            logout csrf, no rate limit, rate limit bypass on, missing rate limit, no rate limiting, weak \
            password policy, password reset link does not expire, session does not expire after password \
            change, ssl tls configuration, weak ciphers, tls 1 0, sweet32, beast attack, open ports, \
            robots txt, cookie flag, self signed certificate, server version disclosed, http trace, trace \
            enabled",
    },
    Sign {
        what: "is the output of a scanner",
        is_scan: true,
        first: 30,
        further: 5,
        phrases: "acunetix, nessus, netsparker, invicti, nikto, openvas, greenbone, qualys, wpscan, owasp zap, \
            zap report, zaproxy, burp scanner, burp suite scan, nuclei template, nuclei templates, \
            detectify, securityheaders com, ssl labs, ssllabs, internet nl, mxtoolbox, vulnerability scan, \
            automated scan, scan report, scan results, scan of your, quarterly scan, may contain false \
            positives, results shown, remediation plan, host is up, scanner found, our scanner, trivy, \
            grype, snyk, dependabot, npm audit, container image scan, plugin id, risk factor none, shodan",
    },
    Sign {
        what: "advertises",
        is_scan: false,
        first: 30,
        further: 7,
        phrases: "seo services, search engine optimization, search engine ranking, guest post, sponsored post, \
            backlinks, backlink, link building, increase your traffic, website traffic, book a demo, \
            schedule a call, schedule a demo, quick call, 15 minute call, our services include, our \
            company offers, we offer penetration testing, penetration testing services, special offer, \
            money back, your competitors, book your, free call, hop on a call, certified growth, limited \
            time offer, discount, unsubscribe, opt out, click here, investment opportunity, business loan, \
            casino, viagra, lottery, inheritance, web design services, mobile app development, lead \
            generation, email list, customer list, attendees list, price list, wholesale, free trial, risk \
            free, newsletter, sonderangebot, rabatt, abbestellen, gewinnspiel",
    },
    Sign {
        what: "uses the phrases of mass mails",
        is_scan: false,
        first: 10,
        further: 5,
        phrases: "dear sir, dear sir madam, dear sir or madam, respected sir, hello sir, hi sir, dear security \
            team, dear website owner, dear webmaster, dear admin, to whom it may concern, i hope this \
            email finds you well, i hope this message finds you well, hope you are doing well, hope you \
            are well, i am an ethical hacker, ethical hacker, i am a security researcher, independent \
            security researcher, white hat hacker, bug hunter, bug bounty hunter, found a vulnerability in \
            your website, vulnerability in your website, vulnerabilities in your website, your website is \
            vulnerable, in your domain, on your domain, while testing your, critical vulnerability in \
            your, important bug in your, kindly, kindly fix, waiting for your positive response, positive \
            response, looking forward to hearing from you, look forward to hearing from you, sehr geehrter \
            webseitenbetreiber",
    },
    Sign {
        what: "has the turns of writing machines",
        is_scan: false,
        first: 15,
        further: 5,
        phrases: "as an ai, as a large language model, as an ai language model, certainly here is, sure here is, \
            here is a detailed report, comprehensive report, comprehensive analysis, this comprehensive, \
            it is important to note, it is crucial to, it is worth noting, in todays digital landscape, \
            digital landscape, robust security measures, security posture, delve into, potentially leading \
            to severe, can have severe consequences, severe consequences, by implementing these, attackers \
            could potentially, could potentially allow an attacker, industry best practices, paramount \
            importance, in conclusion",
    },
];

static PHRASES: LazyLock<Phrases<usize>> = LazyLock::new(|| {
    Phrases::new(
        SIGNS
            .iter()
            .enumerate()
            .flat_map(|(index, sign)| sign.phrases.split(", ").map(move |phrase| (phrase, index))),
    )
});

/// The kinds of phrases that stand in the text, each with the ones it was known by.
pub(super) fn phrases(words: &Words) -> Vec<Seen> {
    let mut found: Vec<BTreeSet<&'static str>> = vec![BTreeSet::new(); SIGNS.len()];
    for (phrase, index) in PHRASES.hits(words) {
        found[index].insert(phrase);
    }
    let seen = SIGNS.iter().zip(&found).filter(|(_, found)| !found.is_empty());
    seen.map(|(sign, found)| {
        let further = i32::try_from(found.len().saturating_sub(1).min(2)).unwrap_or(2);
        let shown: Vec<String> = found.iter().take(3).map(|phrase| format!("\"{phrase}\"")).collect();
        Seen {
            is_scan: sign.is_scan,
            weight: sign.first + further * sign.further,
            reason: format!("it {}: {}", sign.what, shown.join(", ")),
        }
    })
    .collect()
}

/// Longest placeholder, in bytes.
const MAX_PLACEHOLDER: usize = 40;

/// `[Your Name]`, `<insert date>`, `{{company}}`: what a person was to fill in.
pub(super) fn has_placeholder(text: &str) -> bool {
    const OPEN: [(&str, char); 4] = [("[your ", ']'), ("[insert ", ']'), ("<insert ", '>'), ("{{", '}')];
    const FIELDS: &str = "name company domain website email date first_name firstname last_name recipient";
    let lower = text.to_ascii_lowercase();
    OPEN.iter().any(|(open, close)| {
        lower.match_indices(open).any(|(at, _)| {
            let inside = &lower[at + open.len()..];
            let inside = &inside[..inside.floor_char_boundary(MAX_PLACEHOLDER)];
            let end = inside.find([*close, '\n']).filter(|end| inside[*end..].starts_with(*close));
            // Templates of servers look alike: only the fields of letters count there.
            end.is_some_and(|end| {
                *open != "{{" || FIELDS.split(' ').any(|field| inside[..end].trim() == field)
            })
        })
    })
}

/// Many headings with emoji or bold lead-ins, as language models set their answers.
pub(super) fn is_machine_formatted(text: &str) -> bool {
    const EMOJI: [char; 14] =
        ['🚨', '🔍', '✅', '❌', '🔥', '🛡', '🔒', '🚀', '📌', '💡', '⚠', '🎯', '📝', '🔴'];
    let headings = text.lines().filter(|line| line.starts_with('#') || line.starts_with("**")).take(100);
    let (count, decorated) = headings
        .fold((0, 0), |(count, decorated), line| (count + 1, decorated + usize::from(line.contains(EMOJI))));
    decorated >= 2 || (count >= 3 && text.matches(EMOJI).take(6).count() >= 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::phrases::is_folded;

    #[test]
    fn phrases_are_written_as_they_are_matched() {
        let mut seen = BTreeSet::new();
        for phrase in SIGNS.iter().flat_map(|sign| sign.phrases.split(", ")) {
            assert!(is_folded(phrase), "{phrase}");
            assert!(seen.insert(phrase), "{phrase} twice");
            assert!(phrases(&Words::of(phrase)).len() == 1, "{phrase}");
        }
    }

    #[test]
    fn placeholders_are_those_that_people_fill_in() {
        for text in ["Regards, [Your Name]", "<insert date here>", "Dear {{ company }},"] {
            assert!(has_placeholder(text), "{text}");
        }
        for text in ["{{7*7}}", "a[your", "[your\nname]", "<insert", "{{ user.name }}", ""] {
            assert!(!has_placeholder(text), "{text}");
        }
    }
}
