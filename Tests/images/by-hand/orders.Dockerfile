FROM eclipse-temurin:17-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN mvn -q package

FROM eclipse-temurin:17-jre
COPY --from=build /build/target/orders.jar /app/orders.jar
USER 10001
EXPOSE 8080
CMD ["java", "-jar", "/app/orders.jar"]
