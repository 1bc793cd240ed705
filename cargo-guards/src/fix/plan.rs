//! What is to be declared by whom, and the edits that come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cargo_metadata::Metadata;

use super::declared::Declared;
use super::edit::{self, Edit};
use super::evidence::{Evidence, Left, Site, attribute_in};
use super::imports;
use super::missing;
use super::piece::Piece;
use super::removal::{Kept, Parts, Removals};
use super::rest::{self, Meant};
use super::source::Source;
use super::spelling;
use super::targets::Targets;
use super::tree::At;
use super::want::{Wants, desired, same};
use crate::config::Config;
use crate::format::Use;
use crate::runs::AUDIT;
use crate::{Error, Result};

/// A file and what becomes of it.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) path: PathBuf,
    /// As it is shown.
    pub(super) file: String,
    pub(super) before: String,
    pub(super) after: String,
    /// A line for each declaration.
    pub(super) said: Vec<String>,
}

/// All that is to be done, and what is not.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) changes: Vec<Change>,
    pub(super) left: BTreeSet<Left>,
    /// Imports that nothing seems to need any more, but something may.
    pub(super) imports: BTreeSet<String>,
    /// Files that were changed after the run began.
    pub(super) stale: BTreeSet<String>,
}

/// Makes the plan.
pub(super) fn make(
    mut evidence: Evidence<'_>,
    started: u64,
    removals: &mut Removals<'_>,
    targets: &mut Targets,
    workspace: &Metadata,
) -> Result<Plan> {
    let mut plan = Plan { left: std::mem::take(&mut evidence.left), ..Plan::default() };
    // In an audit, nobody but the kernel has watched.
    let audited = removals.header.mode.as_deref() == Some(AUDIT);
    let config = Config::of(workspace.workspace_root.as_std_path())?;
    // Described sockets and peers are never called unused without it.
    let hides = |resource: &str| {
        let described = config.resources().iter().find(|described| described.name == resource);
        let is_seen_by_kernel_alone = described
            .is_some_and(|described| !described.footprint.sockets.is_empty() || !described.footprint.peers.is_empty());
        !is_seen_by_kernel_alone
    };
    let fixtures = missing::of_fixtures(&evidence, targets, &mut plan.left);
    let mut kept = Vec::new();
    let fixtures_gone = removals.of_fixtures(&evidence, targets, &mut kept)?;
    let after = |at: At| -> Vec<Use> {
        let declared = evidence.fixtures.get(&at).map(|fixture| fixture.declared.as_slice()).unwrap_or_default();
        desired(declared, fixtures.get(&at).unwrap_or(&Wants::new()), fixtures_gone.get(&at).unwrap_or(&Parts::new()))
    };
    let wants = missing::of_tests(&evidence, &hides, audited, &after, targets, &mut plan.left);
    let gone = removals.of_tests(&evidence, &after, targets, &mut kept)?;

    let mut meant = Meant::new();
    let mut pieces = Vec::new();
    let sites: BTreeSet<Site> = wants.keys().chain(gone.keys()).copied().collect();
    for site in sites {
        let then = evidence.tests.get(&site).and_then(|tried| tried.first()?.record.declared.clone());
        let piece = Piece::of(site, "uses", wants.get(&site), gone.get(&site), targets);
        meant.insert((site, piece.name), piece.desired.clone());
        plan.check(piece, &then.unwrap_or_default(), targets, &mut pieces);
    }
    let sites: BTreeSet<At> = fixtures.keys().chain(fixtures_gone.keys()).copied().collect();
    for at in sites {
        let then = evidence.fixtures.get(&at).map(|fixture| fixture.declared.clone()).unwrap_or_default();
        let piece =
            Piece::of(Site { at, case: None }, "fixture_uses", fixtures.get(&at), fixtures_gone.get(&at), targets);
        meant.insert((piece.site, piece.name), piece.desired.clone());
        plan.check(piece, &then, targets, &mut pieces);
    }
    let started = UNIX_EPOCH + Duration::from_millis(started);
    plan.edit(&pieces, started, &mut kept, targets, workspace)?;
    plan.left.extend(kept.into_iter().map(|kept| kept.left));
    let rest = rest::unsaid(&evidence, &plan.left, &meant, started, targets);
    plan.left.extend(rest);
    Ok(plan)
}

impl Plan {
    /// Keeps a piece that is to be edited and can be. `then` is what was declared when the tests ran.
    fn check(&mut self, piece: Piece, then: &[Use], targets: &Targets, pieces: &mut Vec<Piece>) {
        let now = piece.now();
        let as_then = same(&now, then);
        let conditional = piece.declared.as_ref().is_some_and(|declared| declared.conditional);
        if conditional && then.is_empty() && !now.is_empty() {
            self.leave(&piece, targets, "its attribute is under a condition that did not hold in the run");
        } else if same(&now, &piece.desired) {
            // Done before.
        } else if as_then {
            pieces.push(piece);
        } else {
            self.stale.insert(targets.shown(piece.site.at.source));
        }
    }

    fn leave(&mut self, piece: &Piece, targets: &Targets, why: &str) {
        let source = targets.sources.of(piece.site.at.source);
        let function = &source.functions[piece.site.at.function];
        self.left.insert(Left {
            subject: format!("{}:{}: `{}`", targets.shown(piece.site.at.source), function.line, function.name),
            what: Some(piece.said()).filter(|said| !said.is_empty()).unwrap_or_else(|| "what it declares".to_owned()),
            why: why.to_owned(),
        });
    }

    /// Makes the edits, file by file, and sees whether each has the effect that it should have. What they remove is not `kept`.
    fn edit(
        &mut self,
        pieces: &[Piece],
        started: SystemTime,
        kept: &mut Vec<Kept>,
        targets: &Targets,
        workspace: &Metadata,
    ) -> Result<()> {
        let mut by_file: BTreeMap<usize, Vec<(&Piece, Vec<Edit>)>> = BTreeMap::new();
        for piece in pieces {
            let source = targets.sources.of(piece.site.at.source);
            if source.modified > started {
                self.stale.insert(targets.shown(piece.site.at.source));
                continue;
            }
            match piece.edits(source, || spelling::of(piece.site.at, targets, workspace)) {
                Ok(edits) => by_file.entry(piece.site.at.source).or_default().push((piece, edits)),
                Err(why) => self.leave(piece, targets, &why),
            }
        }
        for (number, pieces) in by_file {
            let source = targets.sources.of(number);
            let edits: Vec<Edit> = pieces.iter().flat_map(|(_, edits)| edits.clone()).collect();
            let after = edit::apply(&source.text, &edits);
            let file = targets.shown(number);
            let wrong = |why: &str| Error::Edit { path: source.path.clone(), why: why.to_owned() };
            let edited = Source::of(source.path.clone(), after, source.modified)
                .map_err(|error| wrong(&format!("the edited text is not understood: {error}")))?;
            let mut said = Vec::new();
            for (piece, _) in &pieces {
                let Site { at, case } = piece.site;
                let function = edited.functions.get(at.function).ok_or_else(|| wrong("a function is lost"))?;
                let declares = attribute_in(&edited, function, piece.name, case);
                let declares = declares.as_ref().map(Declared::uses).unwrap_or_default();
                if !same(&declares, &piece.desired) {
                    return Err(wrong(&format!("`{}` would not declare what it should", function.name)));
                }
                kept.retain(|kept| !kept.goes(piece.site, piece.name, &piece.desired));
                let case = case.map(|case| format!(", case {case}")).unwrap_or_default();
                let line = source.functions[at.function].line;
                said.push(format!("{file}:{line}: `{}`{case}: {}", function.name, piece.said()));
            }
            let tidied = imports::tidy(source, edited, number, targets);
            said.extend(tidied.gone.iter().map(|(line, name)| format!("{file}:{line}: import of `{name}`: remove it")));
            self.imports.extend(tidied.kept.iter().map(|name| format!("`{name}` in {file}")));
            let after = tidied.source.text;
            self.changes.push(Change { path: source.path.clone(), file, before: source.text.clone(), after, said });
        }
        Ok(())
    }
}
