package dev.guildhall.indexer.indexing;

import dev.guildhall.contract.event.IndexProgress;

/** Where index runs report. */
interface ProgressReports {

    /** Reports in passing: a report that gets lost is followed by others. */
    void mention(IndexProgress progress);

    /** Reports what must not get lost: comes back when it is safe, or throws. */
    void announce(IndexProgress progress) throws InterruptedException;
}
