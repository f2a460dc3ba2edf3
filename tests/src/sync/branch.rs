//! One log, two phones: a copied folder. Everything is kept on both sides and said.

use super::county::{found, register};
use super::*;
use xunji_device::runner::sync_state;

#[test]
fn a_used_seq_stops_pushing_keeps_everything_and_says_so() {
    let county = County::new();
    let (phone, _) = county.phone("a");
    register(&phone, "共同摊");
    reach(&phone, Goal::Pulled);
    drop(phone);
    county.cloned("a", "clone");
    let ((phone, _), (clone, line)) = (county.opened("a"), county.opened("clone"));
    register(&phone, "原机摊");
    register(&clone, "克隆摊");
    reach(&phone, Goal::Pulled);
    let report = run(&clone, Goal::Pulled);
    assert!(report.reached, "what cannot be sent is not waited for");
    let state = sync_state(&clone).unwrap();
    assert!(state.branch);
    assert_eq!(
        state.lanes.register.received, 1,
        "the common part has its receipt, the branch has none"
    );
    assert_eq!(state.lanes.register.total, 2);
    assert_eq!(found(&clone, "克隆摊").len(), 1, "kept here");
    let pushes = line.count("/sync/push");
    register(&clone, "再来一摊");
    run(&clone, Goal::Pulled);
    assert_eq!(line.count("/sync/push"), pushes, "nothing more is pushed");
    // Stored and applied at the server: a colleague sees it.
    reach(&phone, Goal::Pulled);
    assert_eq!(found(&phone, "克隆摊").len(), 1);
    assert!(
        !sync_state(&phone).unwrap().branch,
        "the first line is the main line"
    );
}
