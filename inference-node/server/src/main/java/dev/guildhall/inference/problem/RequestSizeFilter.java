package dev.guildhall.inference.problem;

import dev.guildhall.inference.InferenceSettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses bodies over the limit: at once where the length is announced, else while they are read. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestSizeFilter extends OncePerRequestFilter {

    private final long bytesMax;
    private final ErrorWriter errors;

    RequestSizeFilter(InferenceSettings settings, ErrorWriter errors) {
        this.bytesMax = settings.requestSizeMax().toBytes();
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > bytesMax) {
            String message = new RequestTooLargeException(bytesMax).getMessage();
            errors.write(response, HttpStatus.CONTENT_TOO_LARGE, "request-too-large", String.valueOf(message));
            return;
        }
        chain.doFilter(new LimitedRequest(request, bytesMax), response);
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        private final long bytesMax;

        LimitedRequest(HttpServletRequest request, long bytesMax) {
            super(request);
            this.bytesMax = bytesMax;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(super.getInputStream(), bytesMax);
        }
    }

    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream body;
        private final long bytesMax;
        private long bytesRead;

        LimitedStream(ServletInputStream body, long bytesMax) {
            this.body = body;
            this.bytesMax = bytesMax;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = body.read(buffer, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int bytes) throws IOException {
            bytesRead += bytes;
            if (bytesRead > bytesMax) {
                throw new RequestTooLargeException(bytesMax);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
