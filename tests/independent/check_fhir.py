#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks FHIR R4 AuditEvents by the published definition (hl7.org/fhir/R4/auditevent.html, datatypes.html) and, where one
says that it follows IHE BALP's PrivacyDisclosure profiles, by theirs (1.1.x). Standard library only; shares nothing with
told-audit.

    check_fhir.py FILE...            one resource a line, or one a file
    check_fhir.py --planted FILE...  for each resource: every planted error must be found, else exit 1

Prints how many hold; names the first thing that does not, and exits 1.
"""
import copy
import json
import re
import sys

DCM = "http://dicom.nema.org/resources/ontology/DCM"
HL7 = "http://terminology.hl7.org/CodeSystem/"
BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure."


class Bad(Exception):
    pass


def need(good, where, what):
    if not good:
        raise Bad(f"{where}: {what}")


# ---- primitive types: (the JSON type, the form that the standard gives) ----

INSTANT = (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
           r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))")
PRIMITIVES = {
    "string": (str, r"[ \r\n\t\S]+"),
    "xhtml": (str, r"<div.*</div>"),
    "uri": (str, r"\S+"),
    "code": (str, r"[^\s]+(\s[^\s]+)*"),
    "id": (str, r"[A-Za-z0-9\-.]{1,64}"),
    "base64Binary": (str, r"(\s*([0-9a-zA-Z+/=]){4}\s*)+"),
    "boolean": (bool, None),
    "instant": (str, INSTANT),
    "dateTime": (str, r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?"),
}

# ---- elements: name -> (least, most, type, the codes of a required binding); MANY: no most ----

MANY = 10**9
ACTION, OUTCOME, NETWORK = "C R U D E", "0 4 8 12", "1 2 3 4 5"
USES = "usual official temp secondary old"
TYPES = {
    "Extension": {"url": (1, 1, "uri"), "valueString": (0, 1, "string"), "valueCode": (0, 1, "code"),
                  "valueUri": (0, 1, "uri"), "valueBoolean": (0, 1, "boolean")},
    "Meta": {"versionId": (0, 1, "id"), "lastUpdated": (0, 1, "instant"), "source": (0, 1, "uri"),
             "profile": (0, MANY, "uri"), "security": (0, MANY, "Coding"), "tag": (0, MANY, "Coding")},
    "Narrative": {"status": (1, 1, "code", "generated extensions additional empty"), "div": (1, 1, "xhtml")},
    "Coding": {"system": (0, 1, "uri"), "version": (0, 1, "string"), "code": (0, 1, "code"),
               "display": (0, 1, "string"), "userSelected": (0, 1, "boolean")},
    "CodeableConcept": {"coding": (0, MANY, "Coding"), "text": (0, 1, "string")},
    "Period": {"start": (0, 1, "dateTime"), "end": (0, 1, "dateTime")},
    "Identifier": {"use": (0, 1, "code", USES), "type": (0, 1, "CodeableConcept"), "system": (0, 1, "uri"),
                   "value": (0, 1, "string"), "period": (0, 1, "Period"), "assigner": (0, 1, "Reference")},
    "Reference": {"reference": (0, 1, "string"), "type": (0, 1, "uri"), "identifier": (0, 1, "Identifier"),
                  "display": (0, 1, "string")},
    "Network": {"address": (0, 1, "string"), "type": (0, 1, "code", NETWORK)},
    "Agent": {"type": (0, 1, "CodeableConcept"), "role": (0, MANY, "CodeableConcept"), "who": (0, 1, "Reference"),
              "altId": (0, 1, "string"), "name": (0, 1, "string"), "requestor": (1, 1, "boolean"),
              "location": (0, 1, "Reference"), "policy": (0, MANY, "uri"), "media": (0, 1, "Coding"),
              "network": (0, 1, "Network"), "purposeOfUse": (0, MANY, "CodeableConcept")},
    "Source": {"site": (0, 1, "string"), "observer": (1, 1, "Reference"), "type": (0, MANY, "Coding")},
    "Detail": {"type": (1, 1, "string"), "valueString": (0, 1, "string"), "valueBase64Binary": (0, 1, "base64Binary")},
    "Entity": {"what": (0, 1, "Reference"), "type": (0, 1, "Coding"), "role": (0, 1, "Coding"),
               "lifecycle": (0, 1, "Coding"), "securityLabel": (0, MANY, "Coding"), "name": (0, 1, "string"),
               "description": (0, 1, "string"), "query": (0, 1, "base64Binary"), "detail": (0, MANY, "Detail")},
    "AuditEvent": {"resourceType": (1, 1, "code", "AuditEvent"), "id": (0, 1, "id"), "meta": (0, 1, "Meta"),
                   "implicitRules": (0, 1, "uri"), "language": (0, 1, "code"), "text": (0, 1, "Narrative"),
                   "type": (1, 1, "Coding"), "subtype": (0, MANY, "Coding"), "action": (0, 1, "code", ACTION),
                   "period": (0, 1, "Period"), "recorded": (1, 1, "instant"), "outcome": (0, 1, "code", OUTCOME),
                   "outcomeDesc": (0, 1, "string"), "purposeOfEvent": (0, MANY, "CodeableConcept"),
                   "agent": (1, MANY, "Agent"), "source": (1, 1, "Source"), "entity": (0, MANY, "Entity")},
}
EVERY_ELEMENT = {"extension": (0, MANY, "Extension")}


def check_primitive(value, name, where):
    kind, form = PRIMITIVES[name]
    need(isinstance(value, kind), where, f"is no {name}")
    need(form is None or re.fullmatch(form, value, re.DOTALL), where, f"has not the form of {name}: {value!r}")


def check_value(value, rule, where):
    name = rule[2]
    if name in PRIMITIVES:
        check_primitive(value, name, where)
    else:
        check_element(value, name, where)
    if len(rule) > 3:
        need(value in rule[3].split(), where, f"{value!r} is not one of: {rule[3]}")


def check_element(element, name, where):
    need(isinstance(element, dict) and element, where, "is no element, or an empty one")
    rules = {**TYPES[name], **EVERY_ELEMENT, **({} if name == "AuditEvent" else {"id": (0, 1, "string")})}
    for key in element:
        need(key in rules, where, f"R4 knows no {key} here")
    for key, rule in rules.items():
        least, most = rule[:2]
        place = f"{where}.{key}"
        values = element.get(key, [])
        if most == MANY:
            need(isinstance(values, list) and (key not in element or values), place, "is no list, or an empty one")
        else:
            values = [element[key]] if key in element else []
        need(len(values) >= least, place, "is missing")
        for i, value in enumerate(values):
            check_value(value, rule, f"{place}[{i}]" if most == MANY else place)
    INVARIANTS.get(name, lambda *_: None)(element, where)


# ---- invariants of the standard ----

def detail_has_one_value(detail, where):
    need(("valueString" in detail) != ("valueBase64Binary" in detail), where, "value[x] stands there once")


def name_or_query(entity, where):
    need(not ("name" in entity and "query" in entity), where, "sev-1: either a name or a query, not both")


def reference_says_something(reference, where):
    need(any(key in reference for key in ("reference", "identifier", "display")), where, "refers to nothing")


INVARIANTS = {"Detail": detail_has_one_value, "Entity": name_or_query, "Reference": reference_says_something}


# ---- IHE BALP, PrivacyDisclosure ----

def coded(coding, system, code):
    return isinstance(coding, dict) and (coding.get("system"), coding.get("code")) == (system, code)


def slice_of(items, test, where, what):
    found = [item for item in items if test(item)]
    need(len(found) == 1, where, f"{what}: {len(found)} of them, and there is exactly one")
    return found[0]


def agent_of(event, code, where):
    agent = slice_of(event["agent"], lambda a: [(c.get("system"), c.get("code")) for c in
                                                a.get("type", {}).get("coding", [])] == [(DCM, code)],
                     where, f"agent of type {code}")
    need("who" in agent and "network" in agent, where, f"agent {code} has who and network")
    return agent


def check_disclosure(event, code, action, itself, where):
    need(coded(event["type"], DCM, code), where, f"type is DCM {code}")
    need(event.get("action") == action, where, f"action is {action}")
    need(any(coded(s, HL7 + "iso-21089-lifecycle", "disclose") for s in event.get("subtype", [])), where,
         "one subtype is disclose")
    need("outcome" in event, where, "outcome stands there")
    agents = {name: agent_of(event, number, where) for name, number in (("source", "110153"), ("recipient", "110152"))}
    need(agents[itself]["who"] == event["source"]["observer"], where, f"val-audit-source: observer is the {itself}")
    need(len(event.get("entity", [])) >= 2, where, "two entities at least")
    person = slice_of(event["entity"], lambda e: coded(e.get("type"), HL7 + "audit-entity-type", "1"), where, "patient")
    need(coded(person.get("role"), HL7 + "object-role", "1"), where, "the patient's role is Patient")
    what = person.get("what", {})
    need(what.get("type") == "Patient" or what.get("reference", "").startswith("Patient/"), where, "what is a Patient")


PROFILES = {
    BALP + "Source": ("110106", "R", "source"),
    BALP + "Recipient": ("110107", "C", "recipient"),
}


def check_event(event, where):
    check_element(event, "AuditEvent", where)
    for profile in event.get("meta", {}).get("profile", []):
        if profile in PROFILES:
            check_disclosure(event, *PROFILES[profile], where)


# ---- errors that must be found ----

def at(event, *path):
    for step in path[:-1]:
        event = event[step]
    return event, path[-1]


def without(*path):
    def plant(event):
        parent, key = at(event, *path)
        del parent[key]
    return plant


def put(value, *path):
    def plant(event):
        parent, key = at(event, *path)
        parent[key] = value
    return plant


PLANTED = {
    "no type": without("type"), "no time": without("recorded"), "no agent": without("agent"),
    "no source": without("source"), "no observer": without("source", "observer"), "an empty list": put([], "agent"),
    "nobody knows who asked": without("agent", 0, "requestor"), "a date for an instant": put("2026-11-22", "recorded"),
    "a time without its zone": put("2026-11-22T10:00:00", "recorded"), "a 13th month": put(
        "2026-13-22T10:00:00Z", "recorded"), "a word for a flag": put("true", "agent", 0, "requestor"),
    "an action of no list": put("X", "action"), "an outcome of no list": put("1", "outcome"),
    "a network of no list": put({"type": "9"}, "agent", 0, "network"), "an element of R5": put("x", "severity"),
    "a list for one": put([{"code": "1"}], "type"), "one for a list": put({"code": "x"}, "subtype"),
    "null": put(None, "outcomeDesc"), "empty text": put("", "outcomeDesc"), "another resource": put(
        "Provenance", "resourceType"), "an entity that is empty": put([{}], "entity"),
    "name and query": put([{"name": "x", "query": "QUJD"}], "entity"), "a detail of nothing": put(
        [{"detail": [{"type": "x"}]}], "entity"), "a reference to nothing": put({"type": "Device"}, "source", "observer"),
}
PLANTED_IN_DISCLOSURES = {
    "the other side's type": put({"system": DCM, "code": "110100"}, "type"), "another action": put("D", "action"),
    "no subtype": without("subtype"), "no outcome": without("outcome"), "one agent": lambda e: e["agent"].pop(),
    "two of one kind": lambda e: e["agent"].append(copy.deepcopy(e["agent"][0])),
    "an agent without its network": without("agent", 0, "network"), "nobody": without("agent", 1, "who"),
    "another observer": put({"display": "somebody else"}, "source", "observer"), "no person": lambda e: e["entity"].pop(0),
    "a person of no role": without("entity", 0, "role"), "a person who is a thing": put(
        {"reference": "Device/1"}, "entity", 0, "what"),
}


def check_planted(event, where):
    disclosure = any(p in PROFILES for p in event.get("meta", {}).get("profile", []))
    errors = {**PLANTED, **(PLANTED_IN_DISCLOSURES if disclosure else {})}
    for name, plant in errors.items():
        wrong = copy.deepcopy(event)
        plant(wrong)
        try:
            check_event(wrong, where)
        except Bad:
            continue
        raise Bad(f"{where}: not found: {name}")
    return len(errors)


def resources(path):
    text = open(path, encoding="utf-8").read()
    try:
        return [(path, json.loads(text))]
    except ValueError:
        return [(f"{path}:{n}", json.loads(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def main(args):
    planted = args[:1] == ["--planted"]
    count = found = 0
    try:
        for path in args[planted:]:
            for where, event in resources(path):
                check_event(event, where)
                found += check_planted(event, where) if planted else 0
                count += 1
        need(count > 0, "nothing", "there was nothing to check")
    except (Bad, ValueError) as bad:
        print(bad)
        return 1
    print(f"{count} AuditEvents hold" + (f", {found} planted errors found" if planted else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
