//! Reports as they reach a security@ mailbox, noise and genuine.

use super::*;

const PRODUCTS: &[&str] = &["imaging", "Portal", "backup agent"];

/// A plain, unencrypted, first mail.
fn plain<'a>(subject: &'a str, text: &'a str) -> Sample<'a> {
    Sample { subject, text, from: "someone@mail.example", products: PRODUCTS, ..Sample::default() }
}

const NOISE: &[(&str, &str)] = &[
    (
        "Bug report",
        "Dear Sir, I am a security researcher and found a vulnerability in your website. Do you have a bug bounty program? Kindly reply, I look forward to hearing from you.",
    ),
    (
        "Missing SPF record",
        "Hello team, your domain has no SPF record and no DMARC policy, so anybody can spoof your email. I hope for a reward for this finding.",
    ),
    (
        "DMARC",
        "Hi, I just looked up your domain: DMARC is set to p=none. An attacker can forge emails. Looking forward to a reward.",
    ),
    (
        "Clickjacking vulnerability",
        "I found that X-Frame-Options is missing on your home page, so clickjacking is possible. Steps: put the page into an iframe. Impact: users can be tricked.",
    ),
    (
        "Security headers",
        "Security headers are missing: HSTS, Content-Security-Policy header, Referrer-Policy, Permissions-Policy. See securityheaders.com, grade F.",
    ),
    (
        "Acunetix results",
        "Please find below the scan results of Acunetix for your domain. High: 3, Medium: 12, Low: 40. Autocomplete enabled, cookie without Secure flag, server banner.",
    ),
    (
        "Nessus scan report",
        "Plugin ID 10287, Risk factor: None. Traceroute information. Our scanner found 117 items on your host. Please fix all of them.",
    ),
    (
        "Open ports",
        "While testing your server I saw open ports 80 and 443 and weak ciphers in the SSL/TLS configuration (TLS 1.0, SWEET32). Kindly fix and tell me my bounty.",
    ),
    (
        "URGENT!!! CRITICAL VULNERABILITY",
        "I have found a critical vulnerability in your system. I will share the details after payment. How much do you pay? My PayPal is ready.",
    ),
    ("Vulnerability", "Before I share the details, is there any bounty? I accept Bitcoin and USDT."),
    (
        "Found bug in your site",
        "Respected Sir, there is no rate limit on your login page, I could send 100 requests. Waiting for your positive response and reward for my work.",
    ),
    (
        "xmlrpc",
        "Your WordPress site has xmlrpc.php enabled and WordPress user enumeration through wp-json. This may cause severe consequences. Some swag would be nice.",
    ),
    (
        "Grow your business",
        "Hi there, our company offers SEO services. We will increase your traffic with backlinks. Schedule a call today! Unsubscribe here.",
    ),
    (
        "Guest post inquiry",
        "I would love to place a sponsored post with a backlink on your blog. What is your price? Special offer: three for two.",
    ),
    (
        "Penetration testing",
        "We offer penetration testing services at a discount. Book a demo with our experts, limited time offer.",
    ),
    (
        "RSA attendees",
        "Would you be interested in the attendees list of the show? It has 45,000 contacts. Reply opt out to unsubscribe.",
    ),
    (
        "Loan",
        "Do you need a business loan? Low interest, investment opportunity, click here: http://loan.example",
    ),
    (
        "Security Vulnerability Report",
        "I hope this email finds you well. This comprehensive report describes an issue that could potentially allow an attacker to gain access, with severe consequences. It is important to note that by implementing these robust security measures you follow industry best practices. In conclusion, your security posture is of paramount importance. Regards, [Your Name]",
    ),
    (
        "Report",
        "Certainly! Here is a detailed report.\n## 🚨 Summary\nThe application is potentially vulnerable.\n## 🔍 Details\nInput is not validated.\n## ✅ Recommendation\nIt is crucial to validate input. In conclusion, act now.",
    ),
    (
        "CSRF on logout",
        "Logout CSRF: an attacker can log out the user with an image tag. Also tabnabbing through target=_blank links. Do you offer a bounty?",
    ),
    (
        "Container images",
        "Trivy reports 214 CVEs in your container image. The full table is below. Dependabot also shows alerts. Please provide a timeline.",
    ),
    (
        "password reset",
        "Dear Security Team, the password reset link does not expire after use and there is a weak password policy. Compensation for my time is appreciated.",
    ),
    (
        "Sehr wichtig",
        "Sehr geehrter Webseitenbetreiber, wir haben eine Schwachstelle auf Ihrer Seite gefunden. Einzelheiten nur gegen Zahlung per Bitcoin.",
    ),
    ("Hi", "Hello Sir, any bounty? Bug hunter here."),
    (
        "links",
        "http://a1.example http://a2.example http://a3.example http://a4.example http://a5.example http://a6.example http://a7.example http://a8.example casino best price",
    ),
    (
        "FW: scan results, response required within 5 days",
        "Our quarterly scan of your backup agent shows the results below. Please provide a remediation plan for EACH item. Scanner 12.1: web server version is older than latest; self-signed certificate in use; HTTP TRACE enabled; host is up. 10 of 312 results shown. May contain false positives.",
    ),
    (
        "Re: Re: your website is INVISIBLE",
        "Your competitors are laughing. We guarantee page 1 in 7 days or 110% money back, with 50,000 hand-made backlinks. Book your free call.",
    ),
];

const TRACE: &str = "imaging 4.1.27 crashes on the attached file.\n==1==ERROR: AddressSanitizer: heap-buffer-overflow\n    #0 0x55d1 in parse_ifd /src/tiff/ifd.c:120\n    #1 0x55d2 in main /src/main.c:9\n";

const GENUINE: &[(&str, &str)] = &[
    ("Heap overflow in the TIFF reader", TRACE),
    (
        "Session fixation in the Portal login",
        "The Portal keeps the session identifier over a login. Request:\nPOST /login HTTP/1.1\nHost: portal.example\nCookie: sid=attacker\nThe same sid is valid afterwards. Seen in 3.9 and 4.0.",
    ),
    (
        "SSRF through the webhook tester",
        "In Portal 3.9 the webhook tester follows redirects to http://169.254.169.254/.\n$ curl -d url=http://attacker.example/redirect https://portal.example/hooks/test\nreturns the metadata.",
    ),
    (
        "Path traversal in the backup importer",
        "extract_entry() in importer.py of the backup agent joins names without a check, a tar with ../../etc/cron.d/x writes there. A patch is attached.",
    ),
    (
        "Use after free",
        "Found by fuzzing commit da39a3ee5e6b4b0d3255bfef95601890afd80709 of imaging. The strip table is freed in close_strips() and used in next_strip().",
    ),
    (
        "Possible XSS",
        "Hello, I am a security researcher. In Portal 3.9 a comment with <img src=x onerror=alert(1)> runs for other users.\nPOST /comments HTTP/1.1\nbody=<img src=x onerror=alert(1)>\nDo you have a bug bounty program?",
    ),
    (
        "Auth bypass",
        "Dear Security Team, I hope this email finds you well. The Portal accepts JWTs with alg none:\n```\ncurl -H 'Authorization: Bearer eyJhbGciOiJub25lIn0.e30.' https://portal.example/api/admin\n```\nWe will publish after 90 days.",
    ),
    (
        "Rechteausweitung im Portal",
        "Guten Tag, in Portal 4.0 darf ein Gast über /api/users/1 die Rolle ändern:\nPATCH /api/users/1 HTTP/1.1\n{\"role\":\"admin\"}\nWir veröffentlichen in 90 Tagen.",
    ),
    (
        "Prototype pollution",
        "merge() in util.js of the Portal copies __proto__. Proof:\n```\nmerge({}, JSON.parse('{\"__proto__\":{\"admin\":true}}'))\n```",
    ),
    (
        "CVE-2026-4242 affects the Portal",
        "Portal 4.0 bundles libfoo 1.2.3, which has CVE-2026-4242; upload_avatar() reaches the vulnerable call with user input, see avatar.go:88.",
    ),
    (
        "Deserialization",
        "The backup agent unpickles what it gets on port 9000.\nimport pickle, os\nAn unauthenticated peer runs code. Version 2.4.",
    ),
    (
        "Kernel crash with your driver",
        "With imaging-dkms 1.4 loaded:\n[  12.3] BUG: KASAN: slab-out-of-bounds in imaging_ioctl+0x12/0x34 [imaging]\n[  12.3]  imaging_ioctl+0x12/0x34 [imaging]",
    ),
    (
        "My patient data",
        "Hello, I am not technical. When I log in to the Portal of my doctor I see the letters of another patient, since yesterday evening. Who can I call? My dentist says it is your software. It shows another name at the top and I can open everything there.",
    ),
];

#[test]
fn noise_is_marked_and_explained() {
    for (subject, text) in NOISE {
        let noise = assess(&plain(subject, text));
        assert!(noise.is_likely(), "{subject}: {noise:?}");
        assert!(noise.reasons.len() >= 2, "{subject}: {noise:?}");
    }
}

#[test]
fn genuine_reports_are_not() {
    assert!(NOISE.len() + GENUINE.len() >= 25);
    for (subject, text) in GENUINE {
        let noise = assess(&plain(subject, text));
        assert!(noise.score < 30, "{subject}: {noise:?}");
    }
}

#[test]
fn no_single_sign_marks_a_report() {
    let report = Sample { text: "In Portal 4.0 anybody reads /api/users.", ..plain("Portal", "") };
    for sample in [
        Sample { recent_from_sender: 30, ..report },
        Sample { near_identical: 30, ..report },
        Sample { from: "newsletter@mail.example", ..report },
        Sample {
            text: "In Portal 4.0 anybody reads /api/users. Do you have a bug bounty program, any bounty, PayPal?",
            ..report
        },
    ] {
        assert!(!assess(&sample).is_likely(), "{:?}", assess(&sample));
    }
}

#[test]
fn what_can_be_checked_and_trust_weigh_against_phrases() {
    let (subject, text) = NOISE[0];
    let bare = assess(&plain(subject, text)).score;
    let sample = plain(subject, text);
    for better in [
        Sample { encrypted: true, ..sample },
        Sample { signed: true, ..sample },
        Sample { signed: true, verified: true, ..sample },
        Sample { attachments: 2, ..sample },
        Sample { text: TRACE, ..sample },
    ] {
        assert!(assess(&better).score < bare, "{:?}", assess(&better));
    }
    for worse in [Sample { near_identical: 7, ..sample }, Sample { recent_from_sender: 12, ..sample }] {
        assert!(assess(&worse).score > bare);
    }
    let noise = assess(&Sample { encrypted: true, ..sample });
    assert!(noise.reasons.iter().any(|reason| reason == "it was encrypted to us (-20)"), "{noise:?}");
    assert!(noise.reasons[0].starts_with("it asks for a reward: \"do you have a bug bounty\""), "{noise:?}");
}

#[test]
fn nothing_and_floods_have_a_score() {
    assert!(assess(&Sample::default()).score <= 100);
    for text in [
        "seo services ".repeat(80_000),
        "http://a.example ".repeat(60_000),
        "[your ".repeat(170_000),
        "🚨\n# ".repeat(100_000),
    ] {
        let started = std::time::Instant::now();
        let noise = assess(&plain("x", &text));
        assert!(noise.score <= 100 && noise.reasons.iter().map(String::len).sum::<usize>() < 5_000);
        assert!(started.elapsed().as_secs() < 10, "{:.20}", text);
    }
}

#[test]
fn reasons_are_told_for_the_score_that_they_make_and_for_no_other() {
    for (subject, text) in NOISE {
        let judged = assess(&plain(subject, text));
        assert_eq!(judged.reasons_for_it(), judged.reasons, "{subject}");
        for score in (0..=100).filter(|score| *score != judged.score) {
            assert!(Noise { score, ..judged.clone() }.reasons_for_it().is_empty(), "{subject}");
        }
    }
}
