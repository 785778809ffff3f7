using MnistMlNet.Tests.Coverage;
using SharpFuzz;

// seeds FOLDER writes the initial inputs; without arguments, inputs come from AFL++. No code of MnistMlNet may be used here: once
// instrumented, it can only run inside Fuzzer.Run.
if (args is ["seeds", var folder])
{
    Seeds.Write(folder);
    return;
}

Fuzzer.OutOfProcess.Run(PayloadReading.Open);
