using Pneumothorax.Lab.Datasets.Tests;

namespace Pneumothorax.Lab.Evaluation.Tests;

public sealed class EvaluationFileTests : IDisposable
{
    /// <summary>So many that their maps get a place of their own in the file: the writer puts less than 64 kB among the names.</summary>
    private const int Many = 600;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(5, 2, 3)]
    [InlineData(1, 0, 0)]
    [InlineData(Many, Many, 3)]
    public void Write_ThenRead_GivesEveryNumberBack(int images, int kept, int validation)
    {
        var written = Sample(images, kept, validation);
        written.Write(_folder["evaluation.h5"]);

        using var read = EvaluationFile.Read(_folder["evaluation.h5"]);

        Assert.Equal(written.Info, read.Info);
        Assert.Equal(written.Labels, read.Labels);
        Assert.Equal(written.Logits, read.Logits);
        Assert.Equal(written.Probabilities, read.Probabilities);
        Assert.Equal(written.MapSize, read.MapSize);
        Assert.Equal(written.Cam.ToArray(), read.Cam.ToArray());
        Assert.Equal(written.ClassifierWeight, read.ClassifierWeight);
        Assert.Equal(written.ClassifierBias, read.ClassifierBias);
        Assert.Equal(written.FeatureIndex, read.FeatureIndex);
        Assert.Equal(written.Features.ToArray(), read.Features.ToArray());
        Assert.Equal(written.ValidationLabels, read.ValidationLabels);
        Assert.Equal(written.ValidationLogits, read.ValidationLogits);
        Assert.Equal(written.ValidationProbabilities, read.ValidationProbabilities);
        Assert.Equal(written.CamOf(images - 1, 1).ToArray(), read.CamOf(images - 1, 1).ToArray());
    }

    [Fact]
    public void Write_Always_OpensInH5py()
    {
        Python.SkipWithout("h5py");
        Sample(5, 2, 3).Write(_folder["evaluation.h5"]);

        var said = Python.Run(
            """
            import h5py, sys
            with h5py.File(sys.argv[1]) as f:
                print(' '.join(f'{k}{f[k].shape}:{f[k].dtype}' for k in sorted(f)))
                print(sorted((k, v if isinstance(v, str) else int(v)) for k, v in f.attrs.items()))
                print(float(f['cam'][4, 1, 3, 2]), float(f['probability'][4, 1]))
            """,
            _folder["evaluation.h5"]).Split('\n');

        Assert.Equal(
            "cam(5, 2, 4, 4):float32 classifier_bias(2,):float32 classifier_weight(2, 3):float32 feature_index(2,):int32 "
            + "features(2, 3, 4, 4):float32 label(5,):uint8 logit(5, 2):float32 probability(5, 2):float64 "
            + "validation_label(3,):uint8 validation_logit(3, 2):float32 validation_probability(3, 2):float64", said[0]);
        Assert.Equal("[('checkpoint_step', 600), ('creator', 'lab 0.1'), ('data_hash', 'abc'), ('dataset', 'phantoms'), ('network', 'lite'), ('run', 'Erster Lauf ü'), ('split', 'test')]", said[1]);
        Assert.Equal(FormattableString.Invariant($"{(double)(float)((4 * 2 + 1) * 16 + 3 * 4 + 2):0.0} 0.9"), said[2]);
    }

    [Fact]
    public void Write_ArraysThatDoNotFit_NamesTheOne()
    {
        var sample = Sample(5, 2, 3);
        var wrong = new EvaluationFile
        {
            Info = sample.Info,
            Labels = sample.Labels,
            Logits = sample.Logits[..^1],
            Probabilities = sample.Probabilities,
            MapSize = sample.MapSize,
            Cam = sample.Cam,
            ClassifierWeight = sample.ClassifierWeight,
            ClassifierBias = sample.ClassifierBias,
            FeatureIndex = sample.FeatureIndex,
            Features = sample.Features,
        };

        var refusal = Assert.Throws<ArgumentException>(() => wrong.Write(_folder["evaluation.h5"]));

        Assert.Contains("\"logit\" has 9 values, but 10", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Read_CutShort_NamesTheFile()
    {
        var path = _folder["evaluation.h5"];
        Sample(5, 2, 3).Write(path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..700]);

        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => EvaluationFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains("missing", Assert.Throws<InvalidDataException>(() => EvaluationFile.Read(path + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CamOf_FileReplacedWhileOpen_StillReadsTheOneThatWasOpened()
    {
        var path = _folder["evaluation.h5"];
        Sample(Many, Many, 3).Write(path);
        using var read = EvaluationFile.Read(path);
        var last = read.CamOf(Many - 1, 1).ToArray();
        Sample(7, 0, 0).Write(path);

        Assert.Equal(last, read.CamOf(Many - 1, 1).ToArray());
        Assert.Equal(Sample(Many, Many, 3).FeaturesOf(1).ToArray(), read.FeaturesOf(1).ToArray());

        // Closed, it cannot tell the one from the other any more, and says so.
        read.Dispose();
        Assert.Contains("replaced by a newer evaluation", Assert.Throws<IOException>(() => { read.CamOf(Many - 1, 1); }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CamOf_AfterDispose_OpensTheSameFileAgain()
    {
        var path = _folder["evaluation.h5"];
        Sample(Many, Many, 3).Write(path);
        var read = EvaluationFile.Read(path);

        read.Dispose();

        Assert.Equal(Sample(Many, Many, 3).CamOf(Many - 1, 1).ToArray(), read.CamOf(Many - 1, 1).ToArray());
        File.Delete(path);
        Assert.ThrowsAny<IOException>(() => { read.CamOf(Many - 1, 1); });
    }

    [Theory]
    [InlineData("f.create_dataset('cam', data=cam, chunks=(3, 2, 4, 4), compression='gzip')")]
    [InlineData("f.create_dataset('cam', data=cam)")]
    [InlineData("f.create_dataset('cam', data=cam, chunks=(500, 1, 2, 4), shuffle=True)")]
    public void Read_WrittenByH5py_GivesTheSameMaps(string create)
    {
        Python.SkipWithout("h5py");
        var path = _folder["evaluation.h5"];
        Sample(Many, Many, 3).Write(path);
        Python.Run(
            $$"""
            import h5py, sys
            with h5py.File(sys.argv[1], 'r+') as f:
                cam = f['cam'][:]
                del f['cam']
                {{create}}
            """,
            path);

        using var read = EvaluationFile.Read(path);

        Assert.Equal(Sample(Many, Many, 3).Cam.ToArray(), read.Cam.ToArray());
        Assert.Equal(Sample(Many, Many, 3).CamOf(31, 0).ToArray(), read.CamOf(31, 0).ToArray());
    }

    [Fact]
    public void Peaks_OfAFile_AreTheHighestOfEveryMap()
    {
        var path = _folder["evaluation.h5"];
        Sample(Many, Many, 3).Write(path);
        using var read = EvaluationFile.Read(path);

        var (no, has, difference) = MapPeaks.Of(read);

        Assert.Equal((31 * 2 + 1) * 16 + 15, has.Highest(31));
        Assert.Equal(15, has.Cell(31));
        Assert.Equal(Many * 2 * 16 - 1, has.Maximum);
        Assert.Equal(0, no.Faintest());
        Assert.Equal((16, 0, 16), (difference.Highest(31), difference.Cell(31), difference.Maximum));       // every value of class 1 is 16 above that of class 0
    }

    private static EvaluationFile Sample(int images, int kept, int validation) => new()
    {
        Info = new("Erster Lauf ü", 600, "phantoms", "abc", "lite", "test", "lab 0.1"),
        Labels = [.. Enumerable.Range(0, images).Select(i => (byte)(i % 2))],
        Logits = [.. Enumerable.Range(0, images * 2).Select(i => i / 3f)],
        Probabilities = [.. Enumerable.Range(0, images * 2).Select(i => i / 10.0)],
        MapSize = 4,
        Cam = (float[])[.. Enumerable.Range(0, images * 2 * 16).Select(i => (float)i)],
        ClassifierWeight = [1, 2, 3, 4, 5, 6],
        ClassifierBias = [0.5f, -0.5f],
        FeatureIndex = [.. Enumerable.Range(0, kept)],
        Features = (float[])[.. Enumerable.Range(0, kept * 3 * 16).Select(i => i * 0.25f)],
        ValidationLabels = [.. Enumerable.Range(0, validation).Select(i => (byte)(i % 2))],
        ValidationLogits = [.. Enumerable.Range(0, validation * 2).Select(i => (float)i)],
        ValidationProbabilities = [.. Enumerable.Range(0, validation * 2).Select(i => i / 10.0)],
    };
}
