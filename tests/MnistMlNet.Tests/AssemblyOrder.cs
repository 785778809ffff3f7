[assembly: TestCaseOrderer("MnistMlNet.Tests.RandomTestOrder", "MnistMlNet.Tests")]
[assembly: TestCollectionOrderer("MnistMlNet.Tests.RandomCollectionOrder", "MnistMlNet.Tests")]
