package dev.guildhall.indexer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts repo-indexer. */
@SpringBootApplication
public class IndexerApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(IndexerApplication.class, arguments);
    }
}
