package dev.guildhall.inference;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts inference-node. */
@SpringBootApplication
public class InferenceNodeApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(InferenceNodeApplication.class, arguments);
    }
}
