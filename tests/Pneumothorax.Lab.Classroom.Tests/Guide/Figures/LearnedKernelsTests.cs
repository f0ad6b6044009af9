using System.Text;
using Pneumothorax.Lab.Classroom.Guide.Figures;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Classroom.Tests.Guide.Figures;

public sealed class LearnedKernelsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-kernels-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void FirstLayer_OfACheckpoint_IsReadKernelByKernel()
    {
        Write(20, """{"blocks.0.first.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,72]},"blocks.0.first.bias":{"dtype":"F32","shape":[2],"data_offsets":[72,80]}}""", 20);

        var kernels = LearnedKernels.Of(new RunFolder(_folder.FullName), 20);

        Assert.Equal([9f, 10, 11, 12, 13, 14, 15, 16, 17], kernels[1].Weights);
        Assert.Equal((2, 3, 19f, true), (kernels.Count, kernels[1].Size, kernels[1].Bias, kernels[1].Standardised));
    }

    [Fact]
    public void BatchNormalization_IsPartOfTheKernelShown()
    {
        // Values count up: kernels 0 to 17, running mean 18, 19, running variance 20, 21, gain 22, 23, shift 24, 25.
        Write(20, """{"blocks.0.first.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,72]},"blocks.0.firstNorm.running_mean":{"dtype":"F32","shape":[2],"data_offsets":[72,80]},"blocks.0.firstNorm.running_var":{"dtype":"F32","shape":[2],"data_offsets":[80,88]},"blocks.0.firstNorm.weight":{"dtype":"F32","shape":[2],"data_offsets":[88,96]},"blocks.0.firstNorm.bias":{"dtype":"F32","shape":[2],"data_offsets":[96,104]}}""", 26);

        var kernel = LearnedKernels.Of(new RunFolder(_folder.FullName), 20)[1];

        // The same as convolving first and normalising the answer: here on a patch of ones.
        var answer = 9f + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17;
        Assert.Equal((answer - 19) / MathF.Sqrt(21 + 1e-5f) * 23 + 25, kernel.Weights.Sum() + kernel.Bias, 1e-2f);
        Assert.Contains("with its batch normalization", kernel.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void ReferenceModel_ShowsItsOwnKernels()
    {
        var folder = new RunFolder(Path.Combine(Repository(), "content", "models", "reference"));

        Assert.NotEmpty(LearnedKernels.Of(folder, 800));
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pneumothorax.Lab.sln"))) folder = folder.Parent;
        return folder!.FullName;
    }

    [Theory]
    [InlineData("""{"blocks.0.first.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,7200]},"blocks.0.first.bias":{"dtype":"F32","shape":[2],"data_offsets":[72,80]}}""")]     // beyond the end
    [InlineData("""{"blocks.0.first.weight":{"dtype":"F32","shape":[1,2,3,3],"data_offsets":[0,72]},"blocks.0.first.bias":{"dtype":"F32","shape":[1],"data_offsets":[72,76]}}""")]       // not the first layer
    [InlineData("""{"stem.first.weight":{"dtype":"F32","shape":[2,1,3,3],"data_offsets":[0,72]}}""")]
    [InlineData("not json")]
    public void FileThatDoesNotFit_GivesNone(string header)
    {
        Write(20, header, 20);

        Assert.Empty(LearnedKernels.Of(new RunFolder(_folder.FullName), 20));
    }

    [Fact]
    public void RunWithoutCheckpoints_GivesNone() => Assert.Empty(LearnedKernels.Of(new RunFolder(_folder.FullName), 20));

    /// <summary>A safetensors file with the values 0, 1, 2, ...</summary>
    private void Write(int step, string header, int values)
    {
        var path = Path.Combine(new RunFolder(_folder.FullName).CheckpointPath(step), "weights.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new BinaryWriter(File.Create(path));
        var bytes = Encoding.UTF8.GetBytes(header);
        file.Write((long)bytes.Length);
        file.Write(bytes);
        for (var i = 0; i < values; i++) file.Write((float)i);
    }
}
