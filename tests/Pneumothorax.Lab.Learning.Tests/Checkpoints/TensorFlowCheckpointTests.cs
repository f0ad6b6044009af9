using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Checkpoints.TensorFlow;
using Pneumothorax.Lab.Learning.Networks;

namespace Pneumothorax.Lab.Learning.Tests.Checkpoints;

public sealed class TensorFlowCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-tf-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1000)]
    [InlineData(3)]
    public void EveryWeight_IsWhereTheNetworkHereWantsIt(int entriesABlock)
    {
        using var checkpoint = TensorFlowCheckpoint.Open(TensorFlowSample.OfTheLab().Write(_folder, entriesABlock));

        Assert.Equal(18, checkpoint.Entries.Count);
        Assert.Equal([256L, 128, 3, 3], checkpoint.Entries["blocks.2.first.weight"].Shape);
        var weights = checkpoint.Read("blocks.2.first.weight");
        foreach (var (o, i, y, x) in ((int, int, int, int)[])[(0, 0, 0, 0), (255, 127, 2, 2), (7, 100, 1, 2), (200, 3, 2, 0)])
            Assert.Equal(TensorFlowSample.Value("conv2d_4/kernel", ((y * 3 + x) * 128 + i) * 256 + o), weights[((o * 128 + i) * 3 + y) * 3 + x]);
        Assert.Equal(TensorFlowSample.Value("dense/kernel", 2 * 511 + 1), checkpoint.Read("classifier.weight")[512 + 511]);
        Assert.Equal(TensorFlowSample.Value("conv2d_7/bias", 300), checkpoint.Read("blocks.3.second.bias")[300]);
    }

    [Fact]
    public void Imported_ItIsARunWithThatCheckpoint()
    {
        var run = new RunFolder(Path.Combine(_folder, "run"));
        using var checkpoint = TensorFlowCheckpoint.Open(TensorFlowSample.OfTheLab().Write(_folder) + ".index");

        WeightsImport.Import(checkpoint, new() { Name = "Exercise", Dataset = "phantom", Network = NetworkSpec.Lab.Name }, step: 0, run);

        Assert.Equal("model.ckpt.index", run.ReadSpec().ImportedFrom);
        using var network = new LabNetwork(NetworkSpec.Lab, seed: 1);
        new CheckpointStore(run).LoadWeights(0, network);
        Assert.Equal(checkpoint.Read("blocks.0.first.weight"), network.WeightsByName()["blocks.0.first.weight"].data<float>().ToArray());
    }

    [Fact]
    public void RealIndex_OfTheCoursesModel_HasItsVariables_AndTellsThatItsDataAreOthers()
    {
        var real = SharedFile("tf-checkpoint/model.ckpt.index");
        var prefix = Path.Combine(_folder, "model.ckpt");
        File.Copy(real, prefix + ".index");
        using var checkpoint = TensorFlowCheckpoint.Open(prefix);

        Assert.Equal(18, checkpoint.Entries.Count);
        Assert.Equal([64L, 1, 5, 5], checkpoint.Entries["blocks.0.first.weight"].Shape);
        Assert.Equal([512L, 512, 3, 3], checkpoint.Entries["blocks.3.second.weight"].Shape);
        Assert.Equal($"{prefix}.data-00000-of-00001 does not exist: the index alone contains no weights.", Refused(() => checkpoint.Read("blocks.0.first.bias")));

        // Its entries say where the variables lie, one after the other, each with its momentum.
        var table = SortedTable.Read(File.ReadAllBytes(real));
        var places = table.Skip(1).Select(entry => BundleEntry.Parse(entry.Value)).ToList();
        Assert.Equal(36, places.Count);
        var end = 0L;
        foreach (var place in places)
        {
            Assert.Equal(end, place.Offset);
            Assert.Equal(sizeof(float) * place.Shape.Aggregate(1L, (product, side) => product * side), place.Size);
            end += place.Size;
        }
        File.WriteAllBytes(prefix + ".data-00000-of-00001", new byte[end]);
        Assert.Equal(
            $"{prefix}.data-00000-of-00001: the checksum of \"conv2d/bias\" is wrong: the file is damaged, or does not belong to this index.",
            Refused(() => checkpoint.Read("blocks.0.first.bias")));
    }

    [Fact]
    public void WhatDoesNotFit_IsRefusedInOneLineThatNamesIt()
    {
        var whole = TensorFlowSample.OfTheLab().Write(_folder);
        var data = whole + ".data-00000-of-00001";
        var bytes = File.ReadAllBytes(data);

        Flip(data, 5);
        Assert.Contains("the checksum of \"conv2d/kernel\" is wrong", Refused(() => Read(whole, "blocks.0.first.weight")), StringComparison.Ordinal);
        File.WriteAllBytes(data, bytes[..1000]);
        Assert.Contains("is 1000 bytes long, but \"dense/bias\" is at", Refused(() => Read(whole, "classifier.bias")), StringComparison.Ordinal);

        Assert.Contains("has no variable \"conv2d_5/bias\", so it does not belong to the exercise's network. It has: conv2d/bias, ", RefusedChanged(sample => sample.Remove("conv2d_5/bias")), StringComparison.Ordinal);
        Assert.Contains("has \"batch_norm/gamma\", which the exercise's network does not have.", RefusedChanged(sample => sample.Add("batch_norm/gamma", 64)), StringComparison.Ordinal);
        Assert.Contains("\"conv2d_2/kernel\" has the shape 3 x 3 x 64 x 128; the exercise's network has 5 x 5 x 64 x 128 there.", RefusedChanged(sample => sample.Describe("conv2d_2/kernel", 1, [3, 3, 64, 128], 0, 1, 0)), StringComparison.Ordinal);

        var other = TensorFlowSample.OfTheLab();
        other.Describe("dense/bias", type: 2, [2], 0, 16, 0);
        Assert.Contains("\"classifier.bias\" is of TensorFlow's type 2", Refused(() => Read(other.Write(Path.Combine(_folder, "double")), "classifier.bias")), StringComparison.Ordinal);

        Flip(whole + ".index", 40);
        Assert.Equal($"{whole}.index is damaged: a checksum in it is wrong.", Refused(() => TensorFlowCheckpoint.Open(whole).Dispose()));
        File.WriteAllText(whole + ".index", new string('x', 100));
        Assert.Equal($"{whole}.index is not the index of a TensorFlow checkpoint.", Refused(() => TensorFlowCheckpoint.Open(whole).Dispose()));
        Assert.StartsWith($"{Path.Combine(_folder, "none")}.index does not exist", Refused(() => TensorFlowCheckpoint.Open(Path.Combine(_folder, "none")).Dispose()), StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedIndex_WhateverByteIsWrong_IsNeverMoreThanOneLine()
    {
        var prefix = TensorFlowSample.OfTheLab().Write(_folder, entriesABlock: 8);
        var index = File.ReadAllBytes(prefix + ".index");
        for (var at = 0; at < index.Length; at += 7)
        {
            var wrong = (byte[])index.Clone();
            wrong[at] ^= 0x41;
            File.WriteAllBytes(prefix + ".index", wrong);
            // A byte of the padding changes nothing; every other is noticed.
            try { TensorFlowCheckpoint.Open(prefix).Dispose(); }
            catch (InvalidDataException refusal) { Assert.StartsWith(prefix, refusal.Message, StringComparison.Ordinal); }
        }
        for (var length = 0; length < index.Length; length += 13)
        {
            File.WriteAllBytes(prefix + ".index", index[..length]);
            Assert.StartsWith(prefix, Refused(() => TensorFlowCheckpoint.Open(prefix).Dispose()), StringComparison.Ordinal);
        }
    }

    private string RefusedChanged(Action<TensorFlowSample> change)
    {
        var sample = TensorFlowSample.OfTheLab();
        change(sample);
        return Refused(() => TensorFlowCheckpoint.Open(sample.Write(Path.Combine(_folder, Guid.NewGuid().ToString("N")))).Dispose());
    }

    private static string Refused(Action action)
    {
        var message = Assert.Throws<InvalidDataException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static void Read(string path, string name)
    {
        using var checkpoint = TensorFlowCheckpoint.Open(path);
        checkpoint.Read(name);
    }

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static string SharedFile(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Pneumothorax.Lab.sln"))) root = root.Parent;
        var path = Path.GetFullPath(Path.Combine(root?.FullName ?? ".", "..", "shared", "data", name));
        if (!File.Exists(path)) Assert.Skip($"../shared/data/{name} is absent.");
        return path;
    }
}
