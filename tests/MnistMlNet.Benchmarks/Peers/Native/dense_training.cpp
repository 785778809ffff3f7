// The same training as ours, with dense matrix products of a native library, on one thread: inputs, ReLU, softmax, cross-entropy, Adam.
// Compiled and run by NativePeer.cs. The first argument is a file of int32 rows, inputs, hidden, classes, batch; then float32 features
// [rows, inputs], int32 labels [rows], and float32 W1 [hidden, inputs], b1, W2 [classes, hidden], b2.
// Commands on standard input, one on a line:
//   check N   starts from the parameters of the file, trains on the first N rows in their order, and prints the mean loss while training
//             and the mean loss of these rows afterwards
//   epoch     trains on all rows in a random order and prints the seconds of processor time
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#ifdef USE_OPENBLAS
#include <cblas.h>
#else
#include <dnnl.h>
#endif

namespace {

struct Matrix {
    float* data;
    int rows, columns;
};

// C = op(A) · op(B), all row-major and without gaps.
void multiply(bool transposeA, bool transposeB, const Matrix& a, const Matrix& b, const Matrix& c) {
    const int inner = transposeA ? a.rows : a.columns;
#ifdef USE_OPENBLAS
    cblas_sgemm(CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, c.rows, c.columns, inner,
                1.0f, a.data, a.columns, b.data, b.columns, 0.0f, c.data, c.columns);
#else
    dnnl_sgemm(transposeA ? 'T' : 'N', transposeB ? 'T' : 'N', c.rows, c.columns, inner, 1.0f, a.data, a.columns, b.data, b.columns, 0.0f,
               c.data, c.columns);
#endif
}

float* allocate(size_t count) {
    const size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
    void* memory = std::aligned_alloc(64, bytes);
    std::memset(memory, 0, bytes);
    return static_cast<float*>(memory);
}

// Parameters, their gradient and Adam's moments have the same layout: W1 [inputs, hidden], b1, W2 [hidden, classes], b2.
struct Layout {
    Layout(float* block, int inputs, int hidden, int classes)
        : w1{block, inputs, hidden}, b1(block + size_t(inputs) * hidden), w2{b1 + hidden, hidden, classes},
          b2(w2.data + size_t(hidden) * classes) {}
    Matrix w1;
    float* b1;
    Matrix w2;
    float* b2;
};

class Training {
public:
    explicit Training(FILE* file) {
        int32_t sizes[5];
        read(file, sizes, 5);
        rows_ = sizes[0], inputs_ = sizes[1], hidden_ = sizes[2], classes_ = sizes[3], capacity_ = sizes[4];
        features_.resize(size_t(rows_) * inputs_);
        labels_.resize(rows_);
        order_.resize(rows_);
        count_ = size_t(inputs_) * hidden_ + hidden_ + size_t(hidden_) * classes_ + classes_;
        initial_.resize(count_);
        read(file, features_.data(), features_.size());
        read(file, labels_.data(), labels_.size());
        const Layout initial(initial_.data(), inputs_, hidden_, classes_);
        readTransposed(file, initial.w1);
        read(file, initial.b1, hidden_);
        readTransposed(file, initial.w2);
        read(file, initial.b2, classes_);
        weights_ = allocate(count_), gradient_ = allocate(count_), mean_ = allocate(count_), square_ = allocate(count_);
        input_ = allocate(size_t(capacity_) * inputs_), logits_ = allocate(size_t(capacity_) * classes_);
        activations_ = allocate(size_t(capacity_) * hidden_), hiddenGradient_ = allocate(size_t(capacity_) * hidden_);
        reset();
    }

    void reset() {
        std::copy(initial_.begin(), initial_.end(), weights_);
        std::fill_n(mean_, count_, 0.0f);
        std::fill_n(square_, count_, 0.0f);
        step_ = 0;
        std::iota(order_.begin(), order_.end(), 0);
    }

    void shuffle() { std::shuffle(order_.begin(), order_.end(), random_); }

    int rowCount() const { return rows_; }

    // The mean loss of the first rows of the order, each before the update of its batch; without updates if it only evaluates.
    double run(int rowCount, bool updates) {
        double loss = 0;
        for (int first = 0; first < rowCount; first += capacity_) {
            const int batch = std::min(capacity_, rowCount - first);
            loss += forward(first, batch);
            if (updates) {
                backward(batch);
                adam();
            }
        }
        return loss / rowCount;
    }

private:
    template <typename T>
    static void read(FILE* file, T* values, size_t count) {
        if (std::fread(values, sizeof(T), count, file) != count) {
            std::fprintf(stderr, "The file is too short.\n");
            std::exit(1);
        }
    }

    static void readTransposed(FILE* file, const Matrix& matrix) {
        std::vector<float> values(size_t(matrix.rows) * matrix.columns);
        read(file, values.data(), values.size());
        for (int r = 0; r < matrix.rows; r++)
            for (int c = 0; c < matrix.columns; c++) matrix.data[size_t(r) * matrix.columns + c] = values[size_t(c) * matrix.rows + r];
    }

    double forward(int first, int batch) {
        const Layout p(weights_, inputs_, hidden_, classes_);
        for (int r = 0; r < batch; r++)
            std::memcpy(input_ + size_t(r) * inputs_, &features_[size_t(order_[first + r]) * inputs_], inputs_ * sizeof(float));
        multiply(false, false, {input_, batch, inputs_}, p.w1, {activations_, batch, hidden_});
        for (int r = 0; r < batch; r++) {
            float* row = activations_ + size_t(r) * hidden_;
            for (int h = 0; h < hidden_; h++) row[h] = std::max(row[h] + p.b1[h], 0.0f);
        }
        multiply(false, false, {activations_, batch, hidden_}, p.w2, {logits_, batch, classes_});
        double loss = 0;
        for (int r = 0; r < batch; r++) {
            float* row = logits_ + r * classes_;
            float largest = std::numeric_limits<float>::lowest(), sum = 0;
            for (int c = 0; c < classes_; c++) largest = std::max(largest, row[c] += p.b2[c]);
            const float ofLabel = row[labels_[order_[first + r]]] - largest;
            for (int c = 0; c < classes_; c++) sum += row[c] = std::exp(row[c] - largest);
            loss += std::log(sum) - ofLabel;
            const float scale = 1 / (sum * batch);
            for (int c = 0; c < classes_; c++) row[c] *= scale;
            row[labels_[order_[first + r]]] -= 1.0f / batch;                          // now dZ2
        }
        return loss;
    }

    void backward(int batch) {
        const Layout p(weights_, inputs_, hidden_, classes_), g(gradient_, inputs_, hidden_, classes_);
        multiply(true, false, {activations_, batch, hidden_}, {logits_, batch, classes_}, g.w2);
        multiply(false, true, {logits_, batch, classes_}, p.w2, {hiddenGradient_, batch, hidden_});
        std::fill_n(g.b1, hidden_, 0.0f);
        std::fill_n(g.b2, classes_, 0.0f);
        for (int r = 0; r < batch; r++) {
            float* gradient = hiddenGradient_ + size_t(r) * hidden_;
            const float* activations = activations_ + size_t(r) * hidden_;
            for (int h = 0; h < hidden_; h++) g.b1[h] += gradient[h] = activations[h] > 0 ? gradient[h] : 0;
            for (int c = 0; c < classes_; c++) g.b2[c] += logits_[r * classes_ + c];
        }
        multiply(true, false, {input_, batch, inputs_}, {hiddenGradient_, batch, hidden_}, g.w1);
    }

    void adam() {
        step_++;
        const float rate = 1e-3f / float(1 - std::pow(0.9, step_)), root = 1 / float(std::sqrt(1 - std::pow(0.999, step_)));
        float *__restrict w = weights_, *__restrict m = mean_, *__restrict v = square_;
        const float* __restrict gradient = gradient_;
        for (size_t i = 0; i < count_; i++) {
            const float g = gradient[i];
            m[i] += 0.1f * (g - m[i]);
            v[i] += 0.001f * (g * g - v[i]);
            w[i] -= rate * m[i] / (std::sqrt(v[i]) * root + 1e-8f);
        }
    }

    int rows_, inputs_, hidden_, classes_, capacity_;
    size_t count_;
    std::vector<float> features_, initial_;
    std::vector<int32_t> labels_, order_;
    float *weights_, *gradient_, *mean_, *square_, *input_, *activations_, *hiddenGradient_, *logits_;
    int step_ = 0;
    std::mt19937 random_{1};
};

double processorSeconds() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

}  // namespace

int main(int argumentCount, char** arguments) {
    FILE* file = argumentCount == 2 ? std::fopen(arguments[1], "rb") : nullptr;
    if (file == nullptr) {
        std::fprintf(stderr, "The only argument is a readable file.\n");
        return 1;
    }
    Training training(file);
    std::fclose(file);
    char command[16];
    while (std::scanf("%15s", command) == 1) {
        if (std::string(command) == "check") {
            int rows = 0;
            if (std::scanf("%d", &rows) != 1 || rows < 1 || rows > training.rowCount()) return 1;
            training.reset();
            const double during = training.run(rows, true), after = training.run(rows, false);
            std::printf("%.9g %.9g\n", during, after);
        } else {
            training.shuffle();
            const double start = processorSeconds();
            training.run(training.rowCount(), true);
            std::printf("%.9g\n", processorSeconds() - start);
        }
        std::fflush(stdout);
    }
}
