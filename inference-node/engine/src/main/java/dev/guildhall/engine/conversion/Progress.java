package dev.guildhall.engine.conversion;

/** Is told how far a file has come. */
@FunctionalInterface
public interface Progress {

    void at(long bytesDone, long bytesTotal);
}
