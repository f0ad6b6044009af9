# Two images from one build, at the top of the repository (handbook, administrator, "Containers"):
#   docker build --target portal --tag pneumothorax-lab .            the portal, with `lab` beside it to train on the CPU
#   docker build --target worker --tag pneumothorax-lab-worker .     `lab` alone, for hosts that train
# Add --build-arg TORCH=cuda for NVIDIA GPUs (needs the NVIDIA container toolkit on the host).
# Ubuntu 24.04 images: their libstdc++ has everything that TorchSharp's native file asks for.
ARG SDK=10.0.401-noble
ARG ASPNET=10.0.12-noble

FROM mcr.microsoft.com/dotnet/sdk:${SDK} AS build
ARG TORCH=cpu
WORKDIR /source
# What packages are needed, first: they are fetched anew only when that changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Pneumothorax.Lab.Backup/Pneumothorax.Lab.Backup.csproj src/Pneumothorax.Lab.Backup/
COPY src/Pneumothorax.Lab.Classroom/Pneumothorax.Lab.Classroom.csproj src/Pneumothorax.Lab.Classroom/
COPY src/Pneumothorax.Lab.Cli/Pneumothorax.Lab.Cli.csproj src/Pneumothorax.Lab.Cli/
COPY src/Pneumothorax.Lab.Datasets/Pneumothorax.Lab.Datasets.csproj src/Pneumothorax.Lab.Datasets/
COPY src/Pneumothorax.Lab.Evaluation/Pneumothorax.Lab.Evaluation.csproj src/Pneumothorax.Lab.Evaluation/
COPY src/Pneumothorax.Lab.Experiments/Pneumothorax.Lab.Experiments.csproj src/Pneumothorax.Lab.Experiments/
COPY src/Pneumothorax.Lab.Learning/Pneumothorax.Lab.Learning.csproj src/Pneumothorax.Lab.Learning/
COPY src/Pneumothorax.Lab.Learning/Native/NativeTorch.targets src/Pneumothorax.Lab.Learning/Native/
COPY src/Pneumothorax.Lab.Runs/Pneumothorax.Lab.Runs.csproj src/Pneumothorax.Lab.Runs/
COPY src/Pneumothorax.Lab.Storage/Pneumothorax.Lab.Storage.csproj src/Pneumothorax.Lab.Storage/
COPY src/Pneumothorax.Lab.Web/Pneumothorax.Lab.Web.csproj src/Pneumothorax.Lab.Web/
RUN dotnet restore src/Pneumothorax.Lab.Cli --runtime linux-x64 -p:Torch=${TORCH} && dotnet restore src/Pneumothorax.Lab.Web --runtime linux-x64 -p:Torch=${TORCH}
COPY . .
RUN dotnet publish src/Pneumothorax.Lab.Cli --no-restore --configuration Release --runtime linux-x64 --self-contained false -p:Torch=${TORCH} --output /publish/lab
RUN dotnet publish src/Pneumothorax.Lab.Web --no-restore --configuration Release --runtime linux-x64 --self-contained false -p:Torch=${TORCH} --output /publish/portal

FROM mcr.microsoft.com/dotnet/aspnet:${ASPNET} AS base
# libtorch computes on OpenMP threads; DICOM files are read by DCMTK; lab backup and lab restore use pg_dump and pg_restore, which must not be
# older than the server (compose.yaml: 17): Ubuntu's own are of version 16, so they come from PostgreSQL's packages.
ARG POSTGRESQL=17
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 dcmtk ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && apt-get install -y --no-install-recommends postgresql-client-${POSTGRESQL} \
    && rm -rf /var/lib/apt/lists/*
ENV Lab__DataDirectory=/data
RUN install -d -m 700 -o ${APP_UID} -g ${APP_UID} /data
VOLUME /data
USER ${APP_UID}

FROM base AS worker
COPY --from=build /publish/lab /app/lab
ENTRYPOINT ["/app/lab/lab"]

FROM base AS portal
COPY --from=build /publish/portal /app
COPY --from=build /publish/lab /app/lab
ENV ASPNETCORE_URLS=http://+:5080
EXPOSE 5080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/localhost/5080 && printf 'GET /healthz/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
WORKDIR /app
ENTRYPOINT ["/app/Pneumothorax.Lab.Web"]
