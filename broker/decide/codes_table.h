/* SPDX-License-Identifier: Apache-2.0 */
/* The 94 reasons, one row each (decision.md 4.6). Included several times with another X; it has no guard on purpose.
 * X(family, number, stage, effect, override, cure, sender, fix, person, auditor)
 *   effect: R reject, D deny, H hold the message; w withhold, h hold the section; p pass; n notice
 *   override (decision.md 4.3): S stops it, N notice only, R replaced by the profile's own, X not asked
 *   cure: who can mend it; sender + fix: for the sender; person: read aloud, age 9 to 11; auditor: what was found.
 * Whoever merely asked gets one fixed text for all of them: TOLD_NOTHING_TO_RELEASE. */

/* clang-format off */
X(ENV, 01, 0, "R", S, SENDER_AGENCY, "The signature does not verify, or the signing key has been revoked.",
  "Send it again with a key that is in force.",
  "We could not be sure who sent this, so it was not sent on.",
  "signature invalid, or key revoked by now; security event")
X(ENV, 02, 0, "R", S, NOBODY, "This message was here before.",
  "Nothing to do: the first receipt stands.",
  "The same message came twice. It was only used once.",
  "replay: same message id and bytes; answered with the first receipt")
X(ENV, 03, 0, "R", S, SENDER, "The message has passed its own end date.",
  "Write a new message if it is still needed.",
  "This message came too late to be used.",
  "past the expiry in the signed header")
X(ENV, 04, 0, "R", S, SENDER_AGENCY, "The clock of the sending computer runs ahead.",
  "Set the clock and send it again.",
  "A computer had the wrong time, so the message was not sent on.",
  "created more than the tolerance after the time of the ruling")
X(ENV, 05, 0, "R", S, SENDER, "The message does not have the form that it must have, or a decline or closure gives no reason.",
  "Give the reason, or have the software checked.",
  "Something was missing from this message, so it was not sent on.",
  "malformed, unknown code, or decline or closure without its coded reason")
X(ENV, 06, 0, "R", S, SENDER_AGENCY, "A section is not the one that was signed.",
  "Send the whole message again.",
  "Part of this message had been changed, so none of it was used.",
  "section digest does not match the signed header; whole message refused")

X(PTY, 01, 1, "R", S, OPERATOR, "The sender is not enrolled in this partnership.",
  "Ask the operator about enrolment.",
  "We do not know who sent this, so it was not sent on.",
  "sender not in the directory")
X(PTY, 02, 1, "D", N, OPERATOR, "Your agency is suspended.",
  "Ring the operator. A safeguarding alert still goes.",
  "The service that wanted to share this may not share at the moment.",
  "sender suspended, or has left")
X(PTY, 03, 1, "D", S, SENDER, "The recipient is not in the directory.",
  "Check the recipient's name, or ring them.",
  "We do not know the service this was for.",
  "recipient not in the directory")
X(PTY, 04, 1, "D", S, SENDER, "The recipient has left the partnership.",
  "Choose another service, or ring them.",
  "The service this was for does not work with us any more.",
  "recipient left; its retention duties remain")
X(PTY, 05, 1, "Dh", S, SENDER_AGENCY, "This worker may not send this.",
  "Have it sent by a worker whose role allows it.",
  "The worker may not send this kind of thing. Somebody else has to.",
  "author not live at the sender, role not theirs, or role may not send the type or declare the override")
X(PTY, 06, 1, "H", N, SENDER, "The recipient needs its team or branch named.",
  "Name the team or branch and send it again.",
  "We need to know which office this is for.",
  "recipient is marked byteam and no team is named")
X(PTY, 07, 1, "HD", S, SENDER, "The worker named may not deal with this person.",
  "Send it to another worker.",
  "This goes to a different worker, as you asked or as the rules say.",
  "worker on the person's exclusion list, under any of the numbers of one human")
X(PTY, 08, 1, "nHD", N, EITHER_AGENCY, "The security check of one of the two services has lapsed.",
  "Have it renewed; until the grace ends this is only a notice.",
  "A service has to pass its safety check again before we share with it.",
  "assurance of sender or recipient lapsed; notice within grace, else as assurance_late says")
X(PTY, 09, 1, "D", R, SENDER, "Your team has no open work with this person.",
  "Open a referral, or record that the person is with you.",
  "They asked about you but are not working with you, so they got nothing.",
  "no live relationship of the asking team; uniform reply")

X(AGR, 01, 2, "D", R, IG_LEAD, "There is no agreement between the two services that covers this.",
  "Ask your information-governance lead. Permission alone opens no route.",
  "The two services have no agreement to share, so nothing was shared.",
  "agreement named is not on file, or one of the two is no party to it")
X(AGR, 02, 2, "D", N, IG_LEAD, "The agreement has not started yet.",
  "Wait for its start, or use the one in force.",
  "The time in which the services share with each other has not begun.",
  "agreement not signed or before its start")
X(AGR, 03, 2, "D", N, IG_LEAD, "The agreement has ended.",
  "Ask your information-governance lead for the one in force.",
  "The time in which the services share with each other is over.",
  "agreement past its end")
X(AGR, 04, 2, "D", N, IG_LEAD, "The agreement is suspended for one of the two services.",
  "Ask your information-governance lead. Others carry on.",
  "The services have stopped sharing with each other for now.",
  "agreement, or one party under it, suspended")
X(AGR, 05, 2, "nHD", N, IG_LEAD, "The agreement's review is overdue.",
  "Have the review signed; until the grace ends this is only a notice.",
  "The services have to look at their agreement again first.",
  "review date passed; notice within grace, else as review_late says")
X(AGR, 06, 2, "D", N, IG_LEAD, "The agreement does not cover this purpose between these two.",
  "Take the purpose out, or have the agreement changed.",
  "The services have not agreed to share for this reason.",
  "no flow of the pair carries every asserted purpose, or a never-for line")
X(AGR, 07, 2, "w", R, IG_LEAD, "The agreement does not carry this kind of information here.",
  "Leave it out, or have the agreement changed.",
  "The services have not agreed to share this kind of thing.",
  "no flow of pair, purpose and type carries the category")
X(AGR, 08, 2, "D", R, IG_LEAD, "The agreement does not let information go this way.",
  "It may go only the other way, or to nobody there at all.",
  "The services agreed not to send things this way.",
  "no flow from sender to recipient, or a never-to line")
X(AGR, 09, 2, "D", R, IG_LEAD, "The agreement does not carry this type of message.",
  "Use a type that it carries.",
  "The services have not agreed to send this kind of message.",
  "flows of the pair for the purpose do not list the type")
X(AGR, 10, 2, "w", N, IG_LEAD, "This is not in the version of the agreement that both have signed.",
  "Have the other service sign the newer version.",
  "One service still has to sign the new agreement before this can be shared.",
  "category not carried by the version that both have signed")
X(AGR, 11, 2, "w", R, IG_LEAD, "A narrower agreement between the two leaves this out.",
  "Leave it out.",
  "The services agreed to share less than this here.",
  "not in a narrower agreement under the one named, same pair and purpose")

X(SUB, 01, 3, "D", R, SENDER, "The person was not found.",
  "Check the card or the reference.",
  "We could not find you in the other service.",
  "reference matches nobody; uniform reply to whoever asks")
X(SUB, 02, 3, "H", R, SENDER, "Several people match.",
  "Settle who it is before it goes.",
  "We have to make sure that this is about you and nobody else.",
  "reference matches several people")
X(SUB, 03, 3, "H", R, OPERATOR, "Two records may be the same person, and somebody is looking at it.",
  "Wait for the merge to be settled.",
  "We are making sure that two records are both yours.",
  "merge pending")
X(SUB, 04, 3, "H", N, CALDICOTT, "The person has died. Confidentiality outlives them.",
  "The Caldicott Guardian or DPO decides; close what is open.",
  "The person has died. Somebody careful decides what may still be shared.",
  "deceased; STATREV and CORONER by DPO or Caldicott Guardian only")
X(SUB, 05, 3, "H", X, SENDER, "The person is under 16: nobody acting for them has agreed, and it is not recorded that they understand.",
  "Record that they understand this decision, or ask somebody with parental responsibility.",
  "First a worker checks that you understand this, or a parent says yes.",
  "under 16; no record by somebody acting for them, nor their own with competence recorded")
X(SUB, 06, 3, "hH", N, DPO, "This is restricted: somebody is looking at a correction or objection, or a legal hold stands.",
  "Wait until it is decided.",
  "You asked us to look at this again. Until then we do not share or delete it.",
  "restricted, disputed or objected to and not decided; of an erasure: legal hold")
X(SUB, 07, 3, "D", N, DPO, "The person's objection to this was upheld.",
  "Do not share it. Talk with the person.",
  "You said you did not want this, and you were right to.",
  "objection upheld by the controller")

X(LAW, 01, 4, "D", S, SENDER, "No legal basis is stated.",
  "State the basis that the agreement gives.",
  "The service did not say which law lets it share this.",
  "no Article 6 basis stated")
X(LAW, 02, 4, "D", S, IG_LEAD, "The agreement, or the law, does not give these two services that basis or power.",
  "State the basis of the flow, or use another route: a referral with permission.",
  "The law the service named does not let it share this.",
  "Article 6 basis not the flow's, or power not open to these parties")
X(LAW, 03, 4, "w", S, IG_LEAD, "This tells of health or something as private, and its special condition is missing.",
  "State a condition of Article 9 that the flow has.",
  "This is very private. The law asks for more before it can be shared.",
  "special by nature or by party; Article 9 condition none, not the flow's, or h:2 outside health and social care")
X(LAW, 04, 4, "w", S, IG_LEAD, "This is about offences, and there is no ground for sharing it.",
  "Leave it out, or have a ground of Article 10 written into the flow.",
  "This is about crime. The law asks for more before it can be shared.",
  "criminal offence data; Article 10 ground none or not the flow's")
X(LAW, 05, 4, "D", R, REQUESTER, "The request does not say which public task it is for, the law it comes from, and the objective.",
  "Ask the requester to state all three.",
  "The office that asked did not say why the law lets it ask.",
  "recognised legitimate interest (request): statement missing or incomplete, UK GDPR Annex 1 para 1")
X(LAW, 06, 4, "w", R, SENDER, "Nothing lifts the duty of confidence for this.",
  "Ask the person, or name what else lifts it.",
  "This was told in confidence, and nothing lets us pass it on.",
  "confidentiality basis none, not the flow's, implied outside direct care, or not_confidential for health data")
X(LAW, 07, 4, "D", N, SENDER, "The person said no, and this now claims another basis for the same thing.",
  "Respect the no. Do not ask and then share anyway.",
  "You said no. They may not find another way round that.",
  "refusal or withdrawal stands and a basis other than permission is stated")

X(OVR, 01, 5, "p", S, NOBODY, "Goes without permission, because somebody may be in danger or the law says so.",
  "Nothing to do: it is reviewed.",
  "We shared this without asking, to keep somebody safe or because a law said so.",
  "override accepted under its profile")
X(OVR, 02, 5, "D", S, SENDER, "The agreement has no such override, or your role may not declare it.",
  "Have it declared by a role that may, or ring.",
  "The worker may not decide this alone. Somebody else has to.",
  "no profile of the kind for sender, type and purpose, or role not among those that declare")
X(OVR, 03, 5, "h", S, ON_CALL, "The rest waits for a second person. Who they are, how to find them and the concern have gone.",
  "A second worker of the right role confirms; the on-call authoriser is paged.",
  "The most important part was sent at once. A second worker checks the rest.",
  "second authoriser none, the author under any number, not live, or not of the role")
X(OVR, 04, 5, "h", S, SENDER, "The rest waits for one line of reason.",
  "Write down why.",
  "The most important part was sent at once. For the rest the worker must write down why.",
  "reason not given, or of an order its reference and copy")
X(OVR, 05, 5, "D", S, SENDER, "The override does not reach this recipient.",
  "Send it to one whom the profile names, or ring.",
  "This may not go to them, even when somebody may be in danger.",
  "recipient outside the profile")
X(OVR, 06, 5, "w", S, SENDER, "The concern does not need this.",
  "Leave it out.",
  "We sent only what was needed to keep somebody safe.",
  "category outside the profile's data, or not named by the order")
X(OVR, 07, 5, "H", S, SENDER, "The conference's threshold is not met.",
  "Record professional judgement, escalation or a repeat, or ask for permission.",
  "This does not go to the meeting unless somebody says why it should.",
  "threshold of the flow not met")
X(OVR, 08, 5, "H", S, SENDER, "The override has ended.",
  "The same people decide afresh.",
  "The reason for sharing without asking was some time ago, so people decide again.",
  "override past its end")
X(OVR, 09, 5, "H", S, SENIOR, "Only the person is at risk, has capacity and has said no.",
  "Decide with a named senior within the hour: is capacity in doubt, is it imminent, is anyone else at risk?",
  "You said no. Two workers think about it carefully before anything is shared.",
  "capacitous refusal, risk to self only; worker and senior decide")

X(CON, 00, 6, "p", S, NOBODY, "Goes: the agreement asks for no permission here.",
  "Nothing to do.",
  "This was sent because the rules let it, without asking you each time.",
  "flow needs no permission")
X(CON, 01, 6, "w", X, SENDER, "There is no permission for this.",
  "Ask the person.",
  "Nobody has asked you about this yet, so it was not shared.",
  "no record of the kind asked")
X(CON, 02, 6, "w", X, SENDER, "The person said no.",
  "Talk with the person; do not send it again.",
  "You said no, so it was not shared.",
  "refusal covers recipient, purpose and category")
X(CON, 03, 6, "w", X, SENDER, "The person has withdrawn this permission.",
  "Do not send it. Ask only if something has changed for them.",
  "You changed your mind, so it was not shared.",
  "permission withdrawn")
X(CON, 04, 6, "w", X, SENDER, "The permission has ended.",
  "Ask the person again.",
  "Your yes was for a time that is over. We need to ask you again.",
  "past its own end, its event, or the longest time the agreement allows")
X(CON, 05, 6, "h", X, SENDER, "The permission has not started yet.",
  "It goes when the permission starts.",
  "Your yes starts later. It waits until then.",
  "before its start")
X(CON, 06, 6, "h", X, SENDER, "The person has been asked and has not answered.",
  "Ask for the answer.",
  "We are waiting for your answer.",
  "permission sought, not given")
X(CON, 07, 6, "w", X, SENDER, "The permission does not name this recipient.",
  "Ask the person about this service.",
  "You said yes to other services, but not to this one.",
  "recipient, team or role not named")
X(CON, 08, 6, "w", X, SENDER, "The permission is for another purpose.",
  "Ask the person about this purpose.",
  "You said yes, but for another reason than this.",
  "not every asserted purpose covered")
X(CON, 09, 6, "w", X, SENDER, "The permission does not name this kind of information.",
  "Ask the person about it.",
  "You said yes to other things, but not to this.",
  "category not included, or its warning was not given")
X(CON, 10, 6, "w", X, SENDER, "The person has kept this out.",
  "Respect it.",
  "You asked us to leave this out, and we did.",
  "exclusion of category, recipient, originator or person")
X(CON, 11, 6, "h", X, SENDER, "It is not certain that the person could decide this when they were asked.",
  "Ask again at a better time, or decide in their best interests.",
  "We will ask you again at a time that is better for you.",
  "capacity at the time lacking, fluctuating or not recorded")
X(CON, 12, 6, "hw", X, SENDER, "It is not shown that whoever agreed may act for the person.",
  "Have the authority checked.",
  "Somebody said yes for you. We have to check that they may.",
  "representative's authority not shown (held) or rejected (withheld)")
X(CON, 13, 6, "w", X, SENDER, "One record says yes and another says no. The no counts.",
  "Ask the person; their new answer must replace the old one.",
  "You said yes once and no another time. We keep to the no until you tell us.",
  "refusal or exclusion beside a live grant, not superseded")
X(CON, 14, 6, "w", X, SENDER, "The privacy notice has changed what this permission was about.",
  "Explain the new notice and ask again.",
  "The rules changed after you said yes, so we need to ask you again.",
  "newer notice changed this flow, or the notice is not known")
X(CON, 15, 6, "w", X, SENDER, "The permission was not freely given.",
  "Talk with the person without pressure.",
  "Saying yes must be your own choice, so we did not use it.",
  "not freely given")
X(CON, 16, 6, "h", X, SENDER, "Nothing shows that the permission was given.",
  "Attach the evidence, or have the card's words confirmed.",
  "We have to be able to show that you said yes.",
  "evidence missing, or taken by its own beneficiary without presence proof")
X(CON, 17, 6, "w", X, SENDER, "This is from a time that the permission does not cover.",
  "Leave it out, or ask about that time.",
  "You said yes to newer things, not to ones from back then.",
  "recorded outside the data window")
X(CON, 18, 6, "w", X, SENDER, "The permission is not specific.",
  "Ask again and name who, what and why.",
  "A yes to everything is no real yes. We have to ask about each thing.",
  "empty or * list, or a Universal Credit record without branch, information or reason")
X(CON, 19, 6, "D", X, SENDER, "The person did not agree to passing on contact details, which this duty needs.",
  "Offer a referral with a third-party or drop-in contact.",
  "You did not want them to have your number or address, so this was not sent.",
  "duty to refer without agreement to contact details, Homelessness Code 4")
X(CON, 20, 6, "D", X, SENDER, "The person chose another authority.",
  "Send it to the one they chose.",
  "You chose another council, so it was not sent to this one.",
  "duty to refer to an authority that the person did not choose")

X(SEC, 01, 7, "wH", S, SENDER, "This would show where the person is, and that is protected.",
  "Leave it out, or ask the person alone about this recipient. The rest goes.",
  "We keep your address safe.",
  "location withheld: recipient not cleared, or not named by the person seen alone; or a list that shows it")
X(SEC, 02, 7, "wH", N, SENDER, "This is about somebody else.",
  "Ask that person, or leave it out.",
  "This is about another person, so it is not ours to share.",
  "about another person; flow has no basis of its own, no permission of theirs")
X(SEC, 03, 7, "w", N, ORIGINATOR, "Another service told you this and has not let it be passed on.",
  "Ask that service.",
  "Another service told us this. They have to be asked first.",
  "originator's onward mark absent")
X(SEC, 04, 7, "w", N, SENDER, "This is too old to go.",
  "Leave it out, or take a new reading.",
  "This is old. We only share what is new enough.",
  "outside the look-back, or staff-safety marker past its end")
X(SEC, 05, 7, "w", N, SENDER, "Nobody has said what this text is about.",
  "Classify it and send it again.",
  "Nobody had read through this text yet, so it waits.",
  "free text unclassified")
X(SEC, 06, 7, "w", X, SENDER, "This is not needed here.",
  "Leave it out.",
  "They do not need to know this.",
  "not necessary for this purpose, step not ticked, or a count too small")
X(SEC, 07, 7, "w", S, IG_LEAD, "A law forbids passing this on.",
  "Leave it out.",
  "A law keeps this private.",
  "statutory bar, or former names")
X(SEC, 08, 7, "w", S, AUTHOR_OF_SECTION, "Its author marked this confidential.",
  "Talk with the author.",
  "The worker who wrote this marked it as private.",
  "author-designated confidential")
X(SEC, 09, 8, "H", X, SENDER, "What matters most would be missing, so nothing goes.",
  "Get permission for the missing parts, or write the message differently.",
  "So much would have been missing that it made no sense to send it.",
  "mandatory category withheld or missing")
X(SEC, 10, 7, "w", N, SENDER, "This has not been checked, or its incident, date or end is missing.",
  "Have it verified, or complete the marker.",
  "Nobody has checked this yet, so it waits.",
  "not verified where the flow asks for it, or staff-safety marker incomplete")

X(WFL, 01, 8, "H", N, SENDER, "The same referral is open already.",
  "Link to the open one.",
  "You are with this service already.",
  "open duplicate: same person, service and need")
X(WFL, 02, 8, "D", N, SENDER, "The referral is closed.",
  "Open a new one.",
  "This piece of work is over. It needs a new start.",
  "referral closed")
X(WFL, 03, 8, "D", X, SENDER, "The permission that this rested on has been withdrawn.",
  "Send nothing new under it.",
  "You changed your mind, so nothing new was sent.",
  "permission of the queued message or open referral withdrawn")
X(WFL, 04, 8, "H", N, BOTH_SPOCS, "The recipient has not acknowledged in time.",
  "Both contact points are told; ring them.",
  "The other service has not answered yet. We are asking them.",
  "acknowledgement overdue")
X(WFL, 05, 8, "H", N, SENDER, "This cannot be closed as lost touch yet.",
  "Three tries by two ways, one where they chose, one through somebody they trust; ask what made it hard; leave words; "
  "for a high-risk person a named reviewer, and the referrer told.",
  "We try harder to reach you before we stop.",
  "closure rule: attempts, ways, place chosen, through others, hard asked, message left, reviewer or referrer told missing")
X(WFL, 06, 8, "D", N, IG_LEAD, "This attendee is no party to the agreement of the conference.",
  "Have them sign, or leave them out.",
  "They have not agreed to the rules of the meeting, so they get nothing.",
  "attendee not a party, or not a member of the conference")
X(WFL, 07, 8, "D", N, IG_LEAD, "The owner of this action is no party to the agreement.",
  "Give the action to a party.",
  "They have not agreed to the rules of the meeting, so they cannot be given this job.",
  "action owner not a party")
X(WFL, 08, 8, "D", N, SENDER, "That cannot be done at this point, or not by you.",
  "Look at how the referral or the conference stands.",
  "This step does not fit how things stand now.",
  "not current, or an event that this sender may not set or this state does not allow")

X(RGT, 01, 8, "H", S, DPO, "Each service answers for itself what it holds.",
  "The request goes to each controller; a person there decides.",
  "Each service looks for what it has about you and answers you.",
  "subject access routed to each controller; blocks erasure while open")
X(RGT, 02, 8, "h", S, DPO, "A person decides whether this is safe to tell.",
  "The owner of the flow decides.",
  "Somebody looks at this first.",
  "serious harm, or not safe to tell")
X(RGT, 03, 8, "h", S, DPO, "This is also about, or told by, somebody else.",
  "A person decides what can be shown.",
  "Part of this belongs to another person, so somebody looks at it first.",
  "third-party data in a right of access")
X(RGT, 04, 8, "p", S, NOBODY, "The person's own view of who was told what.",
  "Read it with them, alone.",
  "This is the list of who was told what about you.",
  "audit view; reading it is logged")
X(RGT, 05, 8, "p", S, NOBODY, "A correction follows what it corrects.",
  "Nothing to do.",
  "Something was wrong, and we told everyone who had it.",
  "correction follows the original, after withdrawal too")

X(OK, 00, 8, "p", S, NOBODY, "Goes: the person's permission covers it.",
  "Nothing to do.",
  "You said yes to this.",
  "released under a live permission")
/* clang-format on */
