package dev.guildhall.inference;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts inference-node. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class InferenceNodeApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(InferenceNodeApplication.class, arguments);
    }
}
