using MnistMlNet.Tests.Coverage;
using SharpFuzz;

// seeds FOLDER makes the first inputs; without arguments, inputs come from AFL++. Nothing of MnistMlNet may be named here: once
// instrumented, its code can only run inside Fuzzer.Run.
if (args is ["seeds", var folder])
{
    Seeds.Write(folder);
    return;
}

Fuzzer.OutOfProcess.Run(PayloadReading.Open);
