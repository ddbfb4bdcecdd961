package dev.guildhall.inference.catalogue;

/** Hears how a download goes. */
interface DownloadProgress {

    /** Nobody listens. */
    DownloadProgress NONE = new DownloadProgress() {
        @Override
        public void moved(String model, long bytesDone, long bytesTotal, long bytesPerSecond) {}

        @Override
        public void said(String message) {}
    };

    void moved(String model, long bytesDone, long bytesTotal, long bytesPerSecond);

    /** Something that a person wants to know: a source that failed, a wait. */
    void said(String message);
}
