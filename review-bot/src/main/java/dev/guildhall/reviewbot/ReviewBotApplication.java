package dev.guildhall.reviewbot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts review-bot. */
@SpringBootApplication
public class ReviewBotApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(ReviewBotApplication.class, arguments);
    }
}
